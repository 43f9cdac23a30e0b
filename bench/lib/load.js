import { fork } from 'node:child_process'
import { cpuSeconds } from './machine.js'

/** A load process. `set` hands it requests, `run` sends them; `run` answers only when nothing went wrong. */
export function startLoad () {
  const child = fork(new URL('./load-child.js', import.meta.url), { serialization: 'advanced' })
  const waiting = new Map()
  let lastId = 0
  child.on('message', ({ id, result }) => {
    waiting.get(id)?.resolve(result)
    waiting.delete(id)
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the load process ended with code ${code}`))
  })
  const ask = (message) => new Promise((resolve, reject) => {
    waiting.set(++lastId, { resolve, reject })
    child.send({ id: lastId, ...message })
  })
  return {
    set: (name, requests) => ask({ kind: 'set', name, requests }),
    /**
     * `accept`: statuses that are right; `kind`: 'run' each once or for some seconds, 'again' over and over for some seconds, 'steady' at
     * an even rate. @throws Error when any other came
     */
    async run (target, { accept = [200], kind = 'run', ...options }) {
      const cpuBefore = cpuSeconds(target.pid)
      const result = await ask({ kind, url: target.url, ...options })
      const wrong = Object.entries(result.statuses).filter(([status]) => !accept.includes(Number(status)))
      if (wrong.length > 0 || result.errors > 0) {
        const error = new Error(
          `${target.name}: ${result.errors} errors, statuses ${JSON.stringify(result.statuses)}\n${target.output().slice(-2000)}`
        )
        // The machine stood still for longer than a command may take: the run says nothing.
        error.isStalled = result.errors === 0 && wrong.every(([status]) => status === '503' || status === 'above 399')
        throw error
      }
      const cpu = cpuSeconds(target.pid) - cpuBefore
      return { ...result, serverCpu: cpu / result.seconds, cpuMicroseconds: cpu / result.answers * 1e6 }
    },
    pid: child.pid,
    close: () => { child.disconnect() }
  }
}
