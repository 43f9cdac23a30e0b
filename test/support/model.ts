/** The plainest description of attempts, budgets and sessions that the stores must agree with. Times are milliseconds of `at`. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const LIMITS = {
  mostWrong: 5,
  dailyFailures: 7,
  mailsPerHour: 4,
  mailsPerDay: 6,
  resendMs: MINUTE,
  sessions: 3,
  idleMs: 7 * DAY,
  absoluteMs: 30 * DAY,
  graceMs: 10_000
}

interface Life { attemptMs: number, codeMs: number }
const LIVES: Record<Kind, Life> = {
  login: { attemptMs: 15 * MINUTE, codeMs: 5 * MINUTE },
  'sign-up': { attemptMs: HOUR, codeMs: 10 * MINUTE }
}

export type Kind = 'login' | 'sign-up'
export interface AttemptModel { openedAt: number, codeEndsAt: number, resendAt: number, wrong: number, isOver: boolean, isDecoy: boolean }
export interface SessionModel { openedAt: number, turnedAt: number, generation: number, isOver: boolean }

export class Model {
  at = 0
  readonly attempts: AttemptModel[] = []
  readonly sessions: SessionModel[] = []
  isBound = false
  readonly #kind: Kind
  readonly #failures: number[] = []
  readonly #mails: number[] = []

  constructor (kind: Kind) {
    this.#kind = kind
  }

  open (): string {
    const refused = this.#refuseBudgets()
    if (refused) return refused
    this.#mails.push(this.at)
    this.attempts.push({
      openedAt: this.at,
      codeEndsAt: this.at + this.#life.codeMs,
      resendAt: this.at + LIMITS.resendMs,
      wrong: 0,
      isOver: false,
      isDecoy: this.isBound
    })
    return 'ok'
  }

  type (attempt: AttemptModel, isRight: boolean): string {
    if (this.#isGone(attempt)) return 'CHALLENGE_INVALID'
    if (this.#isLocked()) return 'OTP_ATTEMPTS_EXCEEDED'
    if (this.at >= attempt.codeEndsAt) return 'OTP_EXPIRED'
    if (!isRight || attempt.isDecoy) {
      this.#failures.push(this.at)
      attempt.wrong++
      return `OTP_INVALID ${LIMITS.mostWrong - attempt.wrong}`
    }
    attempt.isOver = true
    // Of an address that is confirmed every other attempt goes on as a decoy.
    if (this.#kind === 'sign-up') for (const other of this.attempts) other.isDecoy = true
    this.isBound = this.#kind === 'sign-up'
    this.openSession()
    return 'ok'
  }

  /** Whether the same code is sent once more, or what refuses. */
  resend (attempt: AttemptModel): 'same' | 'new' | string {
    if (this.#isGone(attempt)) return 'CHALLENGE_INVALID'
    if (this.#isLocked()) return 'OTP_ATTEMPTS_EXCEEDED'
    if (this.at < attempt.resendAt) return 'RESEND_TOO_EARLY'
    if (this.#isMailedOut()) return 'TOO_MANY_REQUESTS'
    this.#mails.push(this.at)
    attempt.resendAt = this.at + LIMITS.resendMs
    const { attemptMs, codeMs } = this.#life
    if (attempt.codeEndsAt - this.at >= codeMs / 2) return 'same'
    attempt.codeEndsAt = Math.min(this.at + codeMs, attempt.openedAt + attemptMs)
    return 'new'
  }

  openSession (): void {
    const living = this.sessions.filter((one) => this.isLive(one))
    for (const oldest of living.slice(0, Math.max(0, living.length - LIMITS.sessions + 1))) oldest.isOver = true
    this.sessions.push({ openedAt: this.at, turnedAt: this.at, generation: 1, isOver: false })
  }

  isLive ({ openedAt, turnedAt, isOver }: SessionModel): boolean {
    return !isOver && this.at < turnedAt + LIMITS.idleMs && this.at < openedAt + LIMITS.absoluteMs
  }

  refresh (session: SessionModel, presented: number): string {
    if (!this.isLive(session)) return 'ended'
    if (presented === session.generation) {
      session.generation++
      session.turnedAt = this.at
      return `generation ${session.generation}`
    }
    if (presented === session.generation - 1 && this.at - session.turnedAt <= LIMITS.graceMs) return `generation ${session.generation}`
    session.isOver = true
    return presented > session.generation ? 'ahead' : 'reused'
  }

  changePassword (session: SessionModel): string {
    if (!this.isLive(session)) return 'SESSION_ENDED'
    for (const other of this.sessions) if (other !== session) other.isOver = true
    for (const attempt of this.attempts) attempt.isOver = true
    return 'ok'
  }

  get #life (): Life {
    return LIVES[this.#kind]
  }

  #isGone ({ openedAt, wrong, isOver }: AttemptModel): boolean {
    return isOver || wrong >= LIMITS.mostWrong || this.at >= openedAt + this.#life.attemptMs
  }

  #within (moments: number[], window: number): number {
    return moments.filter((moment) => moment + window > this.at).length
  }

  #isLocked (): boolean {
    return this.#within(this.#failures, DAY) >= LIMITS.dailyFailures
  }

  #isMailedOut (): boolean {
    return this.#within(this.#mails, HOUR) >= LIMITS.mailsPerHour || this.#within(this.#mails, DAY) >= LIMITS.mailsPerDay
  }

  #refuseBudgets (): string | null {
    return this.#isLocked() ? 'OTP_ATTEMPTS_EXCEEDED' : this.#isMailedOut() ? 'TOO_MANY_REQUESTS' : null
  }
}
