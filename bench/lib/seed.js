import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const CHUNK_CHARACTERS = 1 << 20

/** One command in Redis' own protocol. ASCII only, so that length is bytes. */
export const command = (...words) => {
  let text = `*${words.length}\r\n`
  for (const word of words) {
    const one = String(word)
    text += `$${one.length}\r\n${one}\r\n`
  }
  return text
}

export const usedMemory = async ({ client }) => Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))[1])

/** Runs `seed` without the log of changes, which is written anew, whole, when all is there. */
export async function unlogged ({ client }, seed) {
  await client.config('SET', 'appendonly', 'no')
  const result = await seed()
  await client.config('SET', 'appendonly', 'yes')
  while (/aof_rewrite_in_progress:1|aof_rewrite_scheduled:1/.test(await client.info('persistence'))) await sleep(200)
  return result
}

/** Sends what `commands` yields over one connection without waiting for single answers. Resolves when Redis has done all of it. */
export async function pipe (path, commands) {
  const socket = connect(path)
  await once(socket, 'connect')
  const done = new Promise((resolve, reject) => {
    let tail = ''
    socket.on('data', (chunk) => {
      const text = tail + chunk.toString('latin1')
      const error = /(?:^|\r\n)-(.*)\r\n/.exec(text)
      if (error) reject(new Error(`Redis refused: ${error[1]}`))
      if (text.endsWith('bench-end\r\n')) resolve()
      tail = text.slice(-64)
    })
    socket.once('error', reject)
  })
  let chunk = ''
  for (const one of commands) {
    chunk += one
    if (chunk.length < CHUNK_CHARACTERS) continue
    if (!socket.write(chunk, 'latin1')) await Promise.race([once(socket, 'drain'), done])
    chunk = ''
  }
  socket.write(chunk + command('ECHO', 'bench-end'), 'latin1')
  await done
  socket.destroy()
}
