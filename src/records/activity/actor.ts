import { type Encoder, text } from '../../platform/redis/script.ts'

/** Who asks, as far as the request tells. */
export interface Client {
  ip: string
  /** `Firefox on Linux`: short, because it stands in hot records. */
  device: string
}

/** Who did something: the owner (or whoever had their password or session), unless an admin is named. */
export interface Actor extends Client { adminId?: string }

/** The session that asks for a change: it must still live when the change is made, and is the one that outlives it. */
export interface SessionActor { accountId: string, sid: string, client: Client }

/** Packed into one argument; `read_actor` in _activity.lua takes it apart. */
export const encodeActor = ({ ip, device, adminId = '' }: Actor): string =>
  [ip, device, adminId].map((part) => part.replaceAll('\t', ' ')).join('\t')

/** An argument of a script. */
export const actor: Encoder<Actor> = { encode: encodeActor, lua: text.lua }
