import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** How many cores this process may use, at least 1: those it may run on, and what its control group (v2 or v1) grants of their time. */
export function coresForUs (root = '/sys/fs/cgroup'): number {
  const read = (path: string): number[] => {
    try {
      return readFileSync(`${root}/${path}`, 'utf8').trim().split(/\s+/).map(Number)
    } catch {
      return []
    }
  }
  const [quota = Number.NaN, period = Number.NaN] = read('cpu.max')
  const [quotaV1 = Number.NaN, periodV1 = Number.NaN] = [...read('cpu/cpu.cfs_quota_us'), ...read('cpu/cpu.cfs_period_us')]
  const granted = [quota / period, quotaV1 / periodV1].filter((cores) => cores > 0)
  return Math.max(1, Math.min(availableParallelism(), ...granted.map(Math.ceil)))
}
