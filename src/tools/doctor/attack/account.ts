import { randomBytes } from 'node:crypto'
import type { Asker } from '../http.ts'
import type { Codes } from './codes.ts'
import { createVisitor, type Reply, type Visitor } from './visitor.ts'

/** A throw-away account at a plus-address of the operator's own. */
export interface Victim {
  email: string
  password: string
  /** Signed in by the sign-up, and left alone by the attacks: it deletes the account in the end. */
  owner: Visitor
  ownerToken: string
}

export interface Stage { asker: Asker, codes: Codes, operator: string, signal: AbortSignal }

/** An answer that an attack cannot go on from. */
export class Unexpected extends Error {
  constructor (what: string, { status, body }: Pick<Reply, 'status' | 'body'>) {
    super(`${what} answered ${status}${body['code'] === undefined ? '' : ` ${String(body['code'])}`}`)
  }
}

/** `olena@example.org` -> `olena+dvokrok-…@example.org`: always the operator's own mailbox, always of one length. */
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
  const verified = await owner.send('/auth/verify-otp', { otp: await codes.next(email, 'sign-up') }, { token: String(registered.body['pendingToken']) })
  if (verified.status !== 200) throw new Unexpected('the code', verified)
  return { email, password, owner, ownerToken: String(verified.body['accessToken']) }
}

/** The password step, from a browser that nobody knows. Its pending token, or the refusal. */
export async function passwordStep ({ asker, signal }: Stage, { email, password }: Pick<Victim, 'email' | 'password'>): Promise<{ visitor: Visitor, reply: Reply, pending: string | null }> {
  const visitor = createVisitor(asker, signal)
  const reply = await visitor.insist('/auth/login', { email, password })
  const { pendingToken } = reply.body
  return { visitor, reply, pending: typeof pendingToken === 'string' ? pendingToken : null }
}
