// What the server and its password workers say to each other. A worker gets the peppered prehash of a password, never the
// password itself, except to estimate how guessable a new one is, and to verify it by the hash of another system.

export type WorkerRequest =
  | { id: number, kind: 'hash', input: string, cost: number }
  | { id: number, kind: 'verify', input: string, hash: string, cost: number }
  | { id: number, kind: 'verify-foreign', password: string, hash: string, cost: number }
  | { id: number, kind: 'estimate', password: string, words: string[] }

/** `rounds` is the bcrypt work really done, as the sum of 2^cost over all runs. */
export type WorkerAnswer =
  | { id: number, kind: 'hash', hash: string, rounds: number }
  | { id: number, kind: 'verify' | 'verify-foreign', matches: boolean, rounds: number }
  | { id: number, kind: 'estimate', score: number, rounds: number }
  | { id: number, kind: 'failed', errorName: string, rounds: number }

export type WorkerMessage = { kind: 'ready' } | WorkerAnswer

/** A request without the number that the pool gives it. */
export type WorkerTask = WorkerRequest extends infer R ? R extends { id: number } ? Omit<R, 'id'> : never : never
