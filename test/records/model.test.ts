import fc, { type AsyncCommand } from 'fast-check'
import assert from 'node:assert/strict'
import t from 'tap'
import type { ChallengeRef } from '../../src/records/challenges/challenge.ts'
import { codeCandidates } from '../../src/records/challenges/challenge.ts'
import { Problem } from '../../src/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import type { SessionDraft } from '../../src/records/sessions/sessions-store.ts'
import { ALL_ACCOUNTS, ALL_ADDRESSES } from '../support/key-prefixes.ts'
import { person, startApp, type TestApp, wrongCode } from '../support/app.ts'
import { type AttemptModel, type Kind, LIMITS, Model } from '../support/model.ts'
import { ageRecords } from '../support/redis.ts'

const isLong = process.env['FAULTS'] === 'long'
const RUNS = isLong ? 2_000 : 150
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121)
const CLIENT = { ip: '192.0.2.1', device: 'Firefox on Linux' }
/** Steps of time whose sums stay at least ten seconds below every moment that decides; so a run may take that long, less a margin. */
const STEP_MS = 67_000
const STEPS = [1, 1, 1, 1, 2, 2, 2, 5, 5, 14, 54, 1_290, 9_027, 30_000]
const LONGEST_RUN_MS = 5_000
const TRIES = 3

t.setTimeout(isLong ? 3_600_000 : 300_000)

/** What the stores did: one place for each attempt and one sid for each session of the model. */
interface Real { places: ChallengeRef[], codes: string[][], sids: string[], accountId: string }
type Command = AsyncCommand<Model, Real>

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name
})
const outcomeOf = async (act: () => Promise<string>): Promise<string> => await act().catch((error: unknown) => {
  if (!(error instanceof Problem)) throw error
  return error.facts.attemptsLeft === undefined ? error.code : `${error.code} ${error.facts.attemptsLeft}`
})
const seen = new Map<string, number>()
function same (actual: string, expected: string): void {
  seen.set(actual, (seen.get(actual) ?? 0) + 1)
  assert.equal(actual, expected)
}
/** The one that a random number names: mostly the newest, about which there is more to say. */
const pick = <Item>(list: Item[], number: number): [Item, number] | undefined => {
  const index = number % 4 === 0 ? number % list.length : list.length - 1
  const item = list[index]
  return item === undefined ? undefined : [item, index]
}

const server = await startApp(t, {
  env: {
    TWO_FACTOR_DAILY_FAILURES: `${LIMITS.dailyFailures}`,
    LIMIT_MAILS_PER_ADDRESS_HOUR: `${LIMITS.mailsPerHour}`,
    LIMIT_MAILS_PER_ADDRESS_DAY: `${LIMITS.mailsPerDay}`,
    SESSIONS_PER_ACCOUNT: `${LIMITS.sessions}`
  }
})

for (const kind of ['login', 'sign-up'] as const) {
  t.test(`whatever happens in whatever order, the stores do what the plain model of a ${kind} says`, async (t) => {
    let repeated = 0
    await fc.assert(fc.asyncProperty(fc.commands(commandsOf(server, kind), { size: 'max', maxCommands: 60 }), async (commands) => {
      for (let tries = 1; ; tries++) {
        const startedAt = performance.now()
        await server.redis.client.flushall()
        const [model, real] = await begin(server, kind)
        try {
          return await fc.asyncModelRun(() => ({ model, real }), commands)
        } catch (error) {
          // Held up for so long by a busy machine, the stores are ahead of the model's clock: the same run is made again, and must hold.
          if (performance.now() - startedAt < LONGEST_RUN_MS || tries === TRIES) throw error
          repeated++
        }
      }
    }), { numRuns: RUNS, seed: SEED })
    t.comment(`${RUNS} runs were compared, ${repeated} of them made again`)
    t.comment([...seen].map(([outcome, times]) => `${outcome}: ${times}`).join(', '))
    const expected = [
      'ok',
      'same',
      'new',
      'OTP_INVALID 0',
      'OTP_EXPIRED',
      'CHALLENGE_INVALID',
      'OTP_ATTEMPTS_EXCEEDED',
      'RESEND_TOO_EARLY',
      'TOO_MANY_REQUESTS',
      ...(kind === 'login' ? ['generation 2', 'ended', 'reused', 'ahead', 'SESSION_ENDED'] : [])
    ]
    t.strictSame(expected.filter((outcome) => !seen.has(outcome)), [], 'every outcome was among them')
    seen.clear()
  })
}

/** For logins an account with its first session, for sign-ups nothing yet. */
async function begin ({ inside }: TestApp, kind: Kind): Promise<[Model, Real]> {
  const [model, real]: [Model, Real] = [new Model(kind), { places: [], codes: [], sids: [], accountId: '' }]
  if (kind === 'sign-up') return [model, real]
  const place = await openSignUp()
  const code = (await inside.records.challenges.find(place))?.code ?? ''
  real.sids.push(await signUp(real, place, code))
  model.openSession()
  return [model, real]
}

const who = person()
const draftFor = (accountId: string): SessionDraft =>
  server.inside.records.sessions.draft({ accountId, amr: ['pwd', 'otp'], client: CLIENT })
const sidOf = ({ sid }: SessionDraft): string => sid
const tag = async (): Promise<string> => await server.inside.records.addressTags.of(who.email)

async function openSignUp (): Promise<ChallengeRef> {
  const { registrations } = server.inside.records
  const addressTag = await tag()
  await registrations.find(addressTag)
  const registration = { ...who, accountId: newId(), passwordHash: 'x'.repeat(64), isLong: true, locale: 'en' }
  return await registrations.open({ addressTag, staleAccountId: '', registration, client: CLIENT })
}

async function signUp (real: Real, place: ChallengeRef, code: string): Promise<string> {
  const { registrations } = server.inside.records
  const proven = await registrations.verifyCode(place, code, await tag())
  const draft = draftFor(proven.accountId)
  await registrations.complete(place, proven, draft)
  real.accountId = proven.accountId
  return sidOf(draft)
}

function commandsOf ({ inside, redis }: TestApp, kind: Kind): Array<fc.Arbitrary<Command>> {
  const { records: { challenges, sessions, credentials, accounts }, keyring } = inside

  async function open (real: Real): Promise<ChallengeRef> {
    if (kind === 'sign-up') return await openSignUp()
    const account = await accounts.findByAddress(real.accountId, await tag())
    assert(account)
    return await challenges.open({
      purpose: 'login',
      account,
      addressTag: await tag(),
      channel: 'email',
      client: CLIENT,
      event: 'password'
    })
  }

  async function finish (real: Real, place: ChallengeRef, code: string): Promise<string> {
    // Sessions are ordered by the millisecond in which they began.
    const before = await redisMs()
    while (await redisMs() === before);
    if (kind === 'sign-up') return await signUp(real, place, code)
    const draft = draftFor(real.accountId)
    await challenges.verifyLogin(
      { challenge: place, addressTag: '', method: 'email', proof: codeCandidates(keyring, place.attemptId, code) },
      draft
    )
    return sidOf(draft)
  }

  async function redisMs (): Promise<number> {
    const [seconds, microseconds] = await redis.client.time()
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
  }

  const codeNow = async (place: ChallengeRef): Promise<string> => (await challenges.find(place))?.code ?? ''

  async function type (model: Model, real: Real, attempt: AttemptModel, index: number, code: string): Promise<void> {
    const [place, codes] = [real.places[index], real.codes[index]]
    assert(place && codes)
    const actual = await outcomeOf(async () => {
      real.sids.push(await finish(real, place, code))
      return 'ok'
    })
    same(actual, model.type(attempt, code === codes.at(-1)))
  }

  const common = [
    fc.constant(
      command('open', async (model, real) => {
        const actual = await outcomeOf(async () => {
          const place = await open(real)
          real.places.push(place)
          real.codes.push([await codeNow(place)])
          return 'ok'
        })
        same(actual, model.open())
      })
    ),
    ...(['right', 'wrong', 'wrong', 'wrong', 'older'] as const).map((which) =>
      fc.nat().map((number) =>
        command(`${which} ${number}`, async (model, real) => {
          const [attempt, index] = pick(model.attempts, number) ?? []
          const codes = real.codes[index ?? -1]
          if (!attempt || index === undefined || !codes) return
          const right = codes.at(-1) ?? ''
          await type(model, real, attempt, index, { right, wrong: wrongCode(right), older: codes[0] ?? '' }[which])
        })
      )
    ),
    fc.nat().map((number) =>
      command(`resend ${number}`, async (model, real) => {
        const [attempt, index] = pick(model.attempts, number) ?? []
        const [place, codes] = [real.places[index ?? -1], real.codes[index ?? -1]]
        if (!attempt || !place || !codes) return
        const actual = await outcomeOf(async () => {
          await challenges.resend(place, { addressTag: '', channel: 'email', client: CLIENT })
          const code = await codeNow(place)
          if (code === codes.at(-1)) return 'same'
          codes.push(code)
          return 'new'
        })
        same(actual, model.resend(attempt))
      })
    ),
    fc.constantFrom(...STEPS).map((steps) =>
      command(`wait ${steps}`, async (model) => {
        await ageRecords(redis.client, [ALL_ACCOUNTS, ALL_ADDRESSES], steps * STEP_MS)
        model.at += steps * STEP_MS
      })
    )
  ]

  const withSession = (
    name: string,
    run: (model: Model, real: Real, index: number, number: number) => Promise<void>
  ): fc.Arbitrary<Command> =>
    fc.tuple(fc.nat(), fc.constantFrom(0, 0, 0, -1, -1, -2, 1)).map(([number, away]) =>
      command(`${name} ${number} ${away}`, async (model, real) => {
        const [, index] = pick(model.sessions, number) ?? []
        if (index === undefined) return
        await run(model, real, index, away)
        for (const [at, session] of model.sessions.entries()) {
          const isLive = (await sessions.find(real.accountId, real.sids[at] ?? '')) !== null
          assert.equal(isLive, model.isLive(session), `session ${at}`)
        }
        const listed = (await sessions.list(real.accountId)).map(({ id }) => id)
        assert.deepEqual(
          listed.toSorted(),
          real.sids
            .filter((_, at) => {
              const one = model.sessions[at]
              return one && model.isLive(one)
            })
            .toSorted()
        )
      })
    )

  const refresh = withSession('refresh', async (model, real, index, away) => {
    const session = model.sessions[index]
    assert(session)
    const generation = Math.max(1, session.generation + away)
    const result = await sessions.refresh({ accountId: real.accountId, sid: real.sids[index] ?? '', generation }, CLIENT)
    same(result.outcome === 'ok' ? `generation ${result.session.generation}` : result.outcome, model.refresh(session, generation))
  })
  const ofSessions = [
    refresh,
    refresh,
    withSession('logout', async (model, real, index) => {
      const session = model.sessions[index]
      assert(session)
      assert.equal(
        await sessions.end({ accountId: real.accountId, sid: real.sids[index] ?? '', client: CLIENT }, 'logout'),
        model.isLive(session)
      )
      session.isOver = true
    }),
    withSession('change the password with', async (model, real, index) => {
      const session = model.sessions[index]
      const account = await accounts.findByAddress(real.accountId, await tag())
      assert(session && account)
      const actual = await outcomeOf(async () => {
        await credentials.changePassword({ accountId: real.accountId, sid: real.sids[index] ?? '', client: CLIENT },
          { credentialVersion: account.credentialVersion, password: { record: 'y'.repeat(64), isLong: true } })
        return 'ok'
      })
      same(actual, model.changePassword(session))
    })
  ]
  return kind === 'login' ? [...common, ...ofSessions] : common
}
