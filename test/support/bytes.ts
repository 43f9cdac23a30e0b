import fc from 'fast-check'
import type { GeneratedRequest } from './generate.ts'

/** How a request is said. `broken`: with bytes that may make it no request at all, or one that never ends. */
export type Manner = 'whole' | 'in pieces' | 'chunked' | 'repeating itself' | 'broken'

export interface WireRequest extends GeneratedRequest {
  manner: Manner
  /** To be written one after the other. */
  pieces: Buffer[]
  headBytes: number
}

const REPEATED = [
  'Host: evil.example.com',
  'Content-Type: text/plain',
  'Authorization: Bearer x',
  'Cookie: refresh=x',
  'X-Forwarded-For: 10.9.9.9',
  'Accept-Language: ru',
  'Origin: null'
]
const SPOILING = [
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: +1',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding : chunked',
  'Expect: 100-continue',
  'Expect: tea',
  'Upgrade: h2c\r\nConnection: Upgrade',
  ' folded: onto the line before',
  ': x',
  'no colon',
  `Cookie: refresh=${'x'.repeat(20_000)}`,
  'A: b\r\n'.repeat(2_500),
  'Range: bytes=0-1',
  'Trailer: Authorization',
  'X: a\rb',
  'X: a\nCookie: y'
]
const BYTES = ['\0', '\r', '\n', '\r\n', '\r\n\r\n', '\u00ff', '\u001b', ':', ' ', '\t', '%', '0', 'GET / HTTP/1.1\r\n\r\n'].map((bytes) =>
  Buffer.from(bytes, 'latin1')
)
const VERSIONS = ['1.1', '1.1', '1.0', '0.9', '2.0', '9.9', '']
const CHUNK_EXTENSIONS = ['', ';name=value', ';name="a;b"']

const place = fc.double({ min: 0, max: 1, noNaN: true })
const places = fc.array(place, { minLength: 1, maxLength: 4 })

/** These requests, said in one of many ways: Node's own client would refuse to send some of them. */
export const onTheWire = (requests: fc.Arbitrary<GeneratedRequest>): fc.Arbitrary<WireRequest> =>
  fc.oneof(
    { weight: 60, arbitrary: requests.map((request) => say(request, 'whole')) },
    { weight: 10, arbitrary: fc.tuple(requests, places).map(([request, cuts]) => inPieces(say(request, 'in pieces'), cuts)) },
    {
      weight: 10,
      arbitrary: fc
        .tuple(requests, places, fc.constantFrom(...CHUNK_EXTENSIONS))
        .map(([request, cuts, extension]) => say(request, 'chunked', { body: chunks(request.payload ?? '', cuts, extension) }))
    },
    {
      weight: 8,
      arbitrary: fc
        .tuple(requests, fc.subarray(REPEATED, { minLength: 1 }))
        .map(([request, more]) => say(request, 'repeating itself', { more }))
    },
    {
      weight: 12,
      arbitrary: fc
        .tuple(
          requests,
          fc.subarray(SPOILING, { maxLength: 2 }),
          fc.constantFrom(...VERSIONS),
          fc.array(fc.tuple(place, fc.constantFrom(...BYTES)), { maxLength: 3 })
        )
        .map(([request, more, version, bytes]) => spoil(say(request, 'broken', { more, version }), bytes))
    }
  )

function say (
  request: GeneratedRequest,
  manner: Manner,
  { more = [], version = '1.1', body }: { more?: string[]; version?: string; body?: Buffer } = {}
): WireRequest {
  const { method, url, headers, payload } = request
  const length = body ? ['Transfer-Encoding: chunked'] : payload === undefined ? [] : [`Content-Length: ${Buffer.byteLength(payload)}`]
  const lines = [
    `${method} ${url} HTTP/${version}`,
    'Host: localhost',
    'X-Forwarded-For: 10.9.9.9',
    ...length,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...more
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
  return { ...request, manner, pieces: [Buffer.concat([head, body ?? Buffer.from(payload ?? '')])], headBytes: head.length }
}

function cut (bytes: Buffer, at: number[]): Buffer[] {
  const ends = [0, ...at.map((part) => Math.floor(part * bytes.length)).toSorted((a, b) => a - b), bytes.length]
  return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end)).filter(({ length }) => length > 0)
}

const inPieces = (request: WireRequest, cuts: number[]): WireRequest => ({ ...request, pieces: cut(Buffer.concat(request.pieces), cuts) })

const chunks = (payload: string, cuts: number[], extension: string): Buffer =>
  Buffer.concat([
    ...cut(Buffer.from(payload), cuts).flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
      chunk,
      Buffer.from('\r\n')
    ]),
    Buffer.from('0\r\n\r\n')
  ])

/** Puts bytes where none belong. */
const spoil = (request: WireRequest, bytes: Array<[number, Buffer]>): WireRequest => ({
  ...request,
  pieces: [bytes.reduce((all, [part, more]) => {
    const at = Math.floor(part * all.length)
    return Buffer.concat([all.subarray(0, at), more, all.subarray(at)])
  }, Buffer.concat(request.pieces))]
})
