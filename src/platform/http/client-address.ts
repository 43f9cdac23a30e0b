import { type IpAddress, parseIpAddress, UNSPECIFIED } from '../ip-address.ts'

/**
 * Whose request it is: the last address of the chain of proxies that TRUST_PROXY names. What one of them passes on and is no address counts
 * as its own. 0.0.0.0 when the connection is gone.
 */
export function clientAddress ({ ip, ips = [ip] }: { ip: string, ips?: string[] | undefined }): IpAddress {
  // From the client to the socket.
  for (const text of [...ips].reverse()) {
    // Typed as a string, but undefined once the connection is gone.
    const address = parseIpAddress(String(text))
    if (address) return address
  }
  return UNSPECIFIED
}
