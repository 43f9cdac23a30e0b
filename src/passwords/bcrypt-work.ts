import bcrypt from 'bcrypt'

// Higher than any BCRYPT_COST that the server accepts: a tampered record must not be able to order hours of work.
const MAX_COST = 15
const BCRYPT_HASH = /^\$2[ab]\$(\d\d)\$[./A-Za-z0-9]{53}$/

const costOf = (hash: string): number | null => {
  const cost = Number(BCRYPT_HASH.exec(hash)?.[1] ?? Number.NaN)
  return cost >= 4 && cost <= MAX_COST ? cost : null
}

const burn = (input: string, cost: number): number => {
  bcrypt.hashSync(input, cost)
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
