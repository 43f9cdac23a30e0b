import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Costs a fraction of autocannon's processor time, which on few cores is the server's. */
export const hasWrk = spawnSync('wrk', ['-v']).error === undefined

const LINE_END = '\r\n'
const asText = ({ path, method = 'GET', headers = {}, body = '' }, host) =>
  [
    `${method} ${path} HTTP/1.1`, `Host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '', body
  ].join(LINE_END)

/** Requests again and again, as fast as they are answered. */
export async function runWrk ({ url, requests, connections, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'dvb-wrk-'))
  try {
    const file = join(folder, 'requests')
    writeFileSync(file, requests.map((request) => asText(request, new URL(url).host)).join('\0'))
    const script = new URL('./wrk.lua', import.meta.url).pathname
    const options = ['-t', '1', '-c', connections, '-d', `${seconds}s`, '--timeout', '30s', '-s', script]
    const { stdout } = await promisify(execFile)('wrk', [...options, url, '--', file])
    const { answers, microseconds, refused, errors, ...latency } = JSON.parse(stdout.trim().split('\n').at(-1))
    const milliseconds = Object.fromEntries(Object.entries(latency).map(([part, value]) => [part, value / 1000]))
    return {
      perSecond: answers / microseconds * 1e6,
      seconds: microseconds / 1e6,
      answers,
      statuses: { ...(answers > refused ? { 200: answers - refused } : {}), ...(refused > 0 ? { 'above 399': refused } : {}) },
      errors,
      latency: milliseconds
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
