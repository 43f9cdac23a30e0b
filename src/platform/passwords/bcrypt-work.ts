import bcrypt from 'bcrypt'
import { matchesForeignHash } from './foreign.ts'

// Higher than any BCRYPT_COST that the server accepts: a tampered record must not be able to order hours of work.
const MAX_COST = 15
const BCRYPT_HASH = /^\$2[ab]\$(\d\d)\$[./A-Za-z0-9]{53}$/

const costOf = (hash: string): number | null => {
  const cost = Number(BCRYPT_HASH.exec(hash)?.[1] ?? Number.NaN)
  return cost >= 4 && cost <= MAX_COST ? cost : null
}

let msPerRound = 0

/** Work of this process alone: what a busy machine gave to others meanwhile does not count. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const burn = (input: string, cost: number): number => {
  const startedMs = cpuMs()
  bcrypt.hashSync(input, cost)
  msPerRound = (cpuMs() - startedMs) / 2 ** cost
  return 2 ** cost
}

/** Hashes with bcrypt. Blocks the process: for a worker only. `rounds` is the work done, 2^cost. */
export const hashInput = (input: string, cost: number): { hash: string, rounds: number } =>
  ({ hash: bcrypt.hashSync(input, cost), rounds: 2 ** cost })

/**
 * Compares with a bcrypt hash and always does at least the work of one hash at `cost`, so that the time tells neither an
 * old hash nor a malformed one: 2^old + 2^old + 2^(old+1) + ... + 2^(cost-1) = 2^cost. Blocks the process: for a worker only.
 */
export const verifyInput = (input: string, hash: string, cost: number): { matches: boolean, rounds: number } => {
  const hashCost = costOf(hash)
  if (hashCost === null) return { matches: false, rounds: burn(input, cost) }
  const matches = bcrypt.compareSync(input, hash)
  let rounds = 2 ** hashCost
  for (let extraCost = hashCost; extraCost < cost; extraCost++) rounds += burn(input, extraCost)
  return { matches, rounds }
}

const LEAST_COST = 4
const CALIBRATION_COST = 8

/**
 * Compares with a hash of another system, and fills the time up to that of one hash at `cost`, so that it tells neither kind nor
 * cost of the hash. One that takes longer by itself is told by its time, until it is replaced. Blocks the process: for a worker only.
 */
export const verifyForeign = async (password: string, hash: string, cost: number): Promise<{ matches: boolean, rounds: number }> => {
  let rounds = msPerRound === 0 ? burn('', CALIBRATION_COST) : 0
  let leftMs = (2 ** cost - rounds) * msPerRound
  const startedMs = cpuMs()
  const matches = await matchesForeignHash(password, hash)
  leftMs -= cpuMs() - startedMs
  for (let extraCost = cost; extraCost >= LEAST_COST; extraCost--) {
    const takesMs = 2 ** extraCost * msPerRound
    if (takesMs > leftMs) continue
    leftMs -= takesMs
    rounds += burn('', extraCost)
  }
  return { matches, rounds }
}
