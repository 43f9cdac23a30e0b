import { once } from 'node:events'
import { createServer } from 'node:http'

/** A receiver of webhooks that takes everything. */
export async function startReceiver () {
  let received = 0
  const server = createServer((request, response) => {
    received++
    request.resume().once('end', () => { response.writeHead(204).end() })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/events`,
    received: () => received,
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

/** Streams of events (SSE) that read all that comes. */
export async function openStreams (server, serviceKey, count) {
  const closing = new AbortController()
  const events = Array.from({ length: count }, () => 0)
  await Promise.all(events.map(async (_, n) => {
    const { status, body } = await fetch(`${server.url}/events`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${serviceKey}` }, signal: closing.signal
    })
    if (status !== 200) throw new Error(`the event stream answers ${status}`)
    read(body, n).catch(() => {})
  }))

  async function read (body, n) {
    const text = new TextDecoder()
    for await (const chunk of body) events[n] += text.decode(chunk, { stream: true }).split('\ndata:').length - 1
  }

  return {
    /** By the stream that got the fewest. */
    received: () => Math.min(...events),
    close: () => { closing.abort() }
  }
}
