import { randomBytes } from 'node:crypto'
import type { Asker } from '../http.ts'
import type { Codes } from './codes.ts'
import { createVisitor, type Reply, type Visitor } from './visitor.ts'

/** A throw-away account at a plus-address of the operator. */
export interface Victim {
  email: string
  password: string
  /** Signed in by the sign-up. The attacks do not use it, so that it can delete the account at the end. */
  owner: Visitor
  ownerToken: string
}

export interface Stage { asker: Asker, codes: Codes, operator: string, signal: AbortSignal }

/** An answer with which an attack cannot continue. */
export class Unexpected extends Error {
  constructor (what: string, { status, body }: Pick<Reply, 'status' | 'body'>) {
    super(`${what} answered ${status}${body['code'] === undefined ? '' : ` ${String(body['code'])}`}`)
  }
}

/** `olena@example.org` -> `olena+dvokrok-…@example.org`: in the operator's own mailbox, and always of the same length. */
export function plusAddress (operator: string): string {
  const at = operator.lastIndexOf('@')
  const local = operator.slice(0, at)
  return `${local}${local.includes('+') ? '-' : '+'}dvokrok-${randomBytes(4).toString('hex')}${operator.slice(at)}`.toLowerCase()
}

export const newPassword = (): string => randomBytes(18).toString('base64url')

export async function signUp ({ asker, codes, operator, signal }: Stage): Promise<Victim> {
  const owner = createVisitor(asker, signal)
  const [email, password] = [plusAddress(operator), newPassword()]
  const registered = await owner.insist('/auth/register', { name: 'Dvokrok doctor', email, password })
  if (registered.status !== 201) throw new Unexpected('the sign-up', registered)
  const otp = await codes.next(email, 'sign-up')
  const verified = await owner.send('/auth/verify-otp', { otp }, { token: String(registered.body['pendingToken']) })
  if (verified.status !== 200) throw new Unexpected('the code', verified)
  return { email, password, owner, ownerToken: String(verified.body['accessToken']) }
}

export interface PasswordStep {
  visitor: Visitor
  reply: Reply
  /** The pending token; null when the login was refused. */
  pending: string | null
}

type Credentials = Pick<Victim, 'email' | 'password'>

/** The first step of a login, from a new browser. */
export async function passwordStep ({ asker, signal }: Stage, { email, password }: Credentials): Promise<PasswordStep> {
  const visitor = createVisitor(asker, signal)
  const reply = await visitor.insist('/auth/login', { email, password })
  const { pendingToken } = reply.body
  return { visitor, reply, pending: typeof pendingToken === 'string' ? pendingToken : null }
}
