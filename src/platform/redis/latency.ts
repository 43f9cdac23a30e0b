import type { Command } from 'ioredis'

interface Sender { sendCommand (command: Command, ...rest: unknown[]): unknown }

const EVERY = 16

/** Tells how long every 16th command took, answered or not: to measure each would cost requests more than it is worth. */
export function sampleLatency (redis: Sender, tell: (seconds: number) => void): void {
  const send = redis.sendCommand
  let sent = 0
  redis.sendCommand = function (command, ...rest) {
    if (++sent % EVERY === 0) {
      const startedMs = performance.now()
      const end = (): void => { tell((performance.now() - startedMs) / 1000) }
      command.promise.then(end, end)
    }
    return send.call(this, command, ...rest)
  }
}
