import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const DAY_MS = 86_400_000
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const COMMON_NAME = [0x55, 0x04, 0x03]
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11]
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13]

/** One value in DER: a tag, a length, and what is in it. */
function der (tag: number, ...parts: Array<Buffer | number[]>): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const oid = (bytes: number[]): Buffer => der(0x06, bytes)
const time = (at: number): Buffer => der(0x18, Buffer.from(new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')))

/**
 * A self-signed certificate for host names (RFC 5280), good from `fromDays` to `toDays` from now. Who trusts it as an authority believes
 * it.
 */
export function makeCertificate ({
  names = ['localhost'],
  fromDays = -10,
  toDays = 80
}: { names?: string[]; fromDays?: number; toDays?: number } = {}): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid(ECDSA_WITH_SHA256))
  const name = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(names[0] ?? '')))))
  const extensions = sequence(
    sequence(oid(SUBJECT_ALT_NAME), der(0x04, sequence(...names.map((one) => der(0x82, Buffer.from(one)))))),
    sequence(oid(BASIC_CONSTRAINTS), der(0x01, [0xff]), der(0x04, sequence(der(0x01, [0xff]))))
  )
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1], randomBytes(8)),
    algorithm,
    name,
    sequence(time(Date.now() + fromDays * DAY_MS), time(Date.now() + toDays * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions)
  )
  const whole = sequence(body, algorithm, der(0x03, [0], sign('sha256', body, privateKey)))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n')}\n-----END CERTIFICATE-----\n`
  }
}
