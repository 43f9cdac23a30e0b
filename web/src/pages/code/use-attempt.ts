import { useCallback, useEffect, useRef, useState } from 'react'
import { client, type Method } from '../../client.ts'
import { ApiProblem } from '@dvokrok/client'
import { now } from '../../session/clock.ts'
import { hasPasskeys } from '../../session/passkeys.ts'
import { type Action, useAction } from '../../ui/use-action.ts'

/** Of several ways, the first that this browser can go. */
const firstOf = (methods: Method[]): Method => methods.find((method) => method !== 'passkey' || hasPasskeys) ?? methods[0] ?? 'email'

/** An attempt as the server describes it; times are in milliseconds since the epoch, 0 if none applies. */
export interface AttemptView {
  purpose: string
  methods: Method[]
  destination: string
  codeExpiresAt: number
  resendAt: number
  attemptsLeft: number
}

export interface AttemptHandle {
  view: AttemptView | null
  method: Method
  choose: (method: Method) => void
  /** Set if the attempt is over or the server cannot be reached. */
  problem: ApiProblem | null
  /** No further code can succeed. */
  isOver: boolean
  /** Called when an answer says so. */
  end: () => void
  reload: () => void
  resend: Action<['email' | 'sms' | undefined]>
  isChecking: boolean
  /** Number of codes sent from this page. */
  sentCount: number
}

/** Follows the attempt of a pending token (null: of the cookie): reloads it when the tab wakes up and after each code. */
export function useAttempt (pendingToken: string | null): AttemptHandle {
  const [view, setView] = useState<AttemptView | null>(null)
  const [chosen, setChosen] = useState<Method | null>(null)
  const [offered, setOffered] = useState<Method>('email')
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [isChecking, setChecking] = useState(false)
  const [sentCount, setSentCount] = useState(0)
  const [isEnded, setEnded] = useState(false)
  const asked = useRef(0)

  const load = useCallback(async () => {
    const turn = ++asked.current
    try {
      const { data: answer } = await client.api.GET('/auth/2fa', { token: pendingToken })
      if (turn !== asked.current) return
      const at = now()
      setView({
        purpose: answer.purpose,
        methods: answer.methods,
        destination: answer.destination,
        codeExpiresAt: answer.codeExpiresInSeconds > 0 ? at + answer.codeExpiresInSeconds * 1000 : 0,
        resendAt: answer.resendAfterSeconds > 0 ? at + answer.resendAfterSeconds * 1000 : 0,
        attemptsLeft: answer.attemptsLeft
      })
      setOffered(firstOf([answer.method, ...answer.methods]))
      setProblem(null)
    } catch (error) {
      if (turn === asked.current) setProblem(error instanceof ApiProblem ? error : new ApiProblem('INTERNAL'))
    }
  }, [pendingToken])
  const reload = useCallback(() => { load().catch(reportError) }, [load])

  useEffect(() => {
    reload()
    const wake = (): void => { if (!document.hidden) reload() }
    document.addEventListener('visibilitychange', wake)
    addEventListener('online', wake)
    return () => {
      document.removeEventListener('visibilitychange', wake)
      removeEventListener('online', wake)
    }
  }, [reload])

  const sending = useAction('resend', async (channel: 'email' | 'sms' | undefined) => {
    try {
      await client.resend(channel ? { method: channel } : {}, { token: pendingToken, onWork: setChecking })
      if (channel) setChosen(channel)
      setSentCount((count) => count + 1)
      await load()
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'CHALLENGE_INVALID') setProblem(error)
      throw error
    }
  })

  const isOver = isEnded || isFinal(problem) || view?.attemptsLeft === 0
  const end = useCallback(() => { setEnded(true) }, [])
  return { view, method: chosen ?? offered, choose: setChosen, problem, isOver, end, reload, resend: sending, isChecking, sentCount }
}

const FINAL = new Set<string>([
  'CHALLENGE_INVALID', 'OTP_ATTEMPTS_EXCEEDED', 'TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED'
])

export const isFinal = (problem: ApiProblem | null): boolean =>
  problem !== null && (FINAL.has(problem.code) || (problem.code === 'OTP_INVALID' && problem.details.attemptsLeft === 0))
