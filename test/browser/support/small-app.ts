import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Test } from 'tap'

/** An application of another origin: the page of docs/integrate.md, or any other. */
export async function startSmallApp (t: Test, pageFor: (origin: string) => string): Promise<string> {
  let origin = ''
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(pageFor(origin))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  t.teardown(() => { server.close() })
  return origin
}
