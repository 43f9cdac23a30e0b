import { serverConfig } from '../app/server-config.ts'
import { client } from '../client.ts'

const { passkeyDomain } = serverConfig
const { hostname } = location
/** No passkey belongs to an IP address. */
const isName = !/^[\d.]+$|^\[/.test(passkeyDomain)

/** Whether this browser knows passkeys, and this address is one that they belong to. */
export const hasPasskeys = client.passkeys.isSupported() && isName &&
  (hostname === passkeyDomain || hostname.endsWith(`.${passkeyDomain}`))
