import type { Config } from '../../../platform/config/config.ts'
import { type Check, CHECKS, type Finding, fail, pass, reasonOf, unchecked } from '../finding.ts'
import { signUp, type Stage, type Victim } from './account.ts'
import { compareAnswers, judgeTiming, timeLogins } from './enumeration.ts'
import { flood, judgeFlood } from './forwarded.ts'
import { guess, judgeGuesses } from './guesses.ts'
import { raceCode, raceRefresh, type SignedIn, tryRevoked } from './races.ts'

export type AttackSettings = Partial<Pick<Config, 'maxAttempts' | 'dailyFailures' | 'trustProxy'>>

/**
 * Plays all attacks with one throw-away account, and deletes it at the end, also after an abort. Never throws: an attack that cannot be
 * played is a finding.
 */
export async function attack (stage: Stage, settings: AttackSettings, say: (line: string) => void): Promise<Finding[]> {
  const findings: Finding[] = []
  const play = async (check: Check, run: () => Promise<Finding>): Promise<void> => {
    say(check)
    findings.push(await run().catch((error: unknown) => unchecked(check, `${reasonOf(error)}.`)))
  }
  await play('attack.forwarded', async () => judgeFlood(await flood(stage.asker, settings.trustProxy ?? [], stage.signal)))

  let victim: Victim | undefined
  try {
    victim = await signUp(stage)
    await playWith(victim)
  } catch (error) {
    const done = findings.map(({ check }) => check)
    const rest = CHECKS.filter((check) => check.startsWith('attack.') && !done.includes(check))
    findings.push(...rest.map((check) => unchecked(check, `No throw-away account could be created: ${reasonOf(error)}.`)))
  } finally {
    if (victim) findings.push(await cleanUp(stage, victim))
  }
  return findings

  async function playWith (victim: Victim): Promise<void> {
    let signedIn: SignedIn | undefined
    await play('attack.code-race', async () => {
      const race = await raceCode(stage, victim)
      signedIn = race.signedIn
      return race.finding
    })
    const inSession = (run: (signedIn: SignedIn) => Promise<Finding>) => async (): Promise<Finding> => {
      if (!signedIn) throw new Error('nobody was signed in')
      return await run(signedIn)
    }
    await play('attack.refresh-race', inSession(raceRefresh))
    await play('attack.revoked', inSession(tryRevoked))
    await play('attack.guesses', async () => judgeGuesses(await guess(stage, victim), settings))
    await play('attack.answers', async () => await compareAnswers(stage, victim))
    await play('attack.timing', async () => judgeTiming(await timeLogins(stage, victim)))
  }
}

/** Ignores the signal: the account must go after Ctrl-C, too. */
async function cleanUp ({ asker }: Stage, { email, ownerToken }: Victim): Promise<Finding> {
  const headers = { authorization: `Bearer ${ownerToken}` }
  try {
    const deleted = await asker.ask('/users/me', { method: 'DELETE', headers })
    const { status } = await asker.ask('/auth/me', { headers })
    return judgeCleanUp(email, deleted.status, status)
  } catch (error) {
    return judgeCleanUp(email, reasonOf(error), null)
  }
}

export function judgeCleanUp (email: string, deletion: number | string, after: number | null): Finding {
  if (deletion === 204 && after === 401) return pass('attack.cleanup', `The throw-away account ${email} is deleted.`)
  return fail('attack.cleanup', `The throw-away account ${email} is left (${deletion}).`,
    'Reset its password by mail, sign in, and delete it in the settings.')
}
