import type { AddressInfo } from 'node:net'

/** What came from outside, in the shape that a test expects. Nobody looks: on another shape the test's claims fail. */
export function shaped<Shape> (value: unknown): Shape {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the one place where tests take a shape on trust
  return value as Shape
}

/** The same of JSON. */
export const json = <Shape = Record<string, unknown>>(text: string): Shape => shaped(JSON.parse(text))

/** The value, which is there. */
export function present<Value> (value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('what this test needs is not there')
  return value
}

/** Where a server of this test listens. */
export function portOf (server: { address: () => AddressInfo | string | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}
