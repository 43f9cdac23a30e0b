import { connect, type Socket } from 'node:net'

export interface WireAnswer { status: number, headers: Record<string, string>, body: string }

/**
 * A connection that is kept alive, on which one can say what no HTTP client would. Opened when needed, and again when the server has
 * closed it.
 */
export class Wire {
  readonly #port: number
  #socket: Socket | undefined

  constructor (port: number) { this.#port = port }

  /** Sends these pieces one after the other. Rejects when the connection ends before the answer does. */
  async send (pieces: Array<string | Buffer>, { hasBody = true } = {}): Promise<WireAnswer> {
    const socket = this.#socket ??= this.#connect()
    try {
      const answer = read(socket, hasBody)
      answer.catch(() => {})
      for (const piece of pieces) await new Promise<void>((resolve) => { socket.write(piece, () => { resolve() }) })
      const { headers, ...rest } = await answer
      if (headers['connection'] === 'close') this.close()
      return { headers, ...rest }
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** What the server ends between two requests is opened again for the next. */
  #connect (): Socket {
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true).on('error', () => {})
    return socket.once('close', () => { if (this.#socket === socket) this.#socket = undefined })
  }

  close (): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }
}

/**
 * What is answered to these bytes on a connection of their own, as far as it comes within `milliseconds`: the server may wait for more of
 * them.
 */
export async function sendAndLeave (port: number, bytes: Buffer, milliseconds: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    socket.on('data', (chunk: Buffer) => { answer += chunk.toString() }).on('error', () => {}).on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.write(bytes)
  })
  socket.destroy()
  return answer
}

async function read (socket: Socket, hasBody: boolean): Promise<WireAnswer> {
  let received = Buffer.alloc(0)
  return await new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose)
      settle()
    }
    const onError = (error: Error): void => { end(() => { reject(error) }) }
    const onClose = (): void => { onError(new Error('the connection was closed')) }
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk])
      const answer = parse(received, hasBody)
      if (answer) end(() => { resolve(answer) })
    }
    socket.on('data', onData).on('error', onError).on('close', onClose)
  })
}

/** Undefined while there is more to come. */
function parse (bytes: Buffer, hasBody: boolean): WireAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const [line = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()])
  )
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1])
  const rest = bytes.subarray(headEnd + 4)
  if (status === 100) return parse(rest, hasBody)
  if (!hasBody || status === 204 || status === 304) return { status, headers, body: '' }
  if (headers['transfer-encoding'] === 'chunked') {
    const body = unchunk(rest)
    return body && { status, headers, body: body.toString() }
  }
  const length = Number(headers['content-length'])
  if (!Number.isInteger(length)) throw new Error(`an answer that does not say where it ends: ${line}`)
  return rest.length < length ? undefined : { status, headers, body: rest.subarray(0, length).toString() }
}

function unchunk (bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const length = parseInt(bytes.subarray(at, lineEnd).toString(), 16)
    at = lineEnd + 2 + length + 2
    if (at > bytes.length) return undefined
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
  }
}
