// A child process of the password pool: one job at a time, at low priority, so that a flood of logins never takes the
// event loop, nor libuv's threads, from the small routes.
import { hashInput, verifyForeign, verifyInput } from './bcrypt-work.ts'
import type { WorkerAnswer, WorkerMessage, WorkerRequest } from './pool-messages.ts'
import { estimateScore } from './strength.ts'

const answer = async (request: WorkerRequest): Promise<WorkerAnswer> => {
  const { id, kind } = request
  if (kind === 'hash') return { id, kind, ...hashInput(request.input, request.cost) }
  if (kind === 'verify') return { id, kind, ...verifyInput(request.input, request.hash, request.cost) }
  if (kind === 'verify-foreign') return { id, kind, ...await verifyForeign(request.password, request.hash, request.cost) }
  return { id, kind, score: await estimateScore(request.password, request.words), rounds: 0 }
}

const tell = (message: WorkerMessage): void => {
  // A parent that is gone needs no answer: the disconnect event ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

// A Ctrl-C or a service manager signals the whole group, but the running job must still be answered: only the parent ends a worker.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
// Not by an exit: that may wait for ever, for others' handlers or V8's threads (nodejs/node#54918), and nobody would end an orphan.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (request: WorkerRequest) => {
  answer(request).then(tell, (error: unknown) => {
    // The name only: a message may quote its input.
    tell({ id: request.id, kind: 'failed', errorName: error instanceof Error ? error.name : 'unknown', rounds: 0 })
  })
})
tell({ kind: 'ready' })
