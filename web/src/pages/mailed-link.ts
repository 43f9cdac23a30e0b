import { client } from '../client.ts'

/** What stands behind `#` in the address of a mailed link: no server, proxy or log has seen it. */
export const tokenOfAddress = (): string => location.hash.slice(1)

export const fetchInvitation = async (token: string) => (await client.api.POST('/auth/invitation', { token: null, body: { token } })).data

export const acceptInvitation = async (body: { token: string, name: string, password: string }) =>
  (await client.api.POST('/auth/invitation/accept', { token: null, body })).data

export const confirmEmail = async (token: string) => (await client.api.POST('/auth/email/confirm', { token: null, body: { token } })).data
