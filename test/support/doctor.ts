import { once } from 'node:events'
import { createServer as createHttpServer, request, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Test } from 'tap'
import type { Check, Finding, Verdict } from '../../src/tools/doctor/finding.ts'
import { builtProgram, newFolder } from './process.ts'
import { startProgram } from './program.ts'
import { json, portOf } from './shapes.ts'

export interface Examined {
  status: number | null
  stdout: string
  stderr: string
  verdicts: Partial<Record<Check, Verdict>>
  findings: Finding[]
}

/** The built doctor as a process that sees nothing of our environment. `onStderr` may answer its questions. */
export async function runDoctor (
  t: Test,
  args: string[],
  env: Record<string, string> = {},
  onStderr: (text: string, answer: (line: string) => void, signal: (name: NodeJS.Signals) => void) => void = () => {}
): Promise<Examined> {
  const child = startProgram([await builtProgram('tools/cli/doctor.js'), ...args], env, newFolder(t))
  t.teardown(() => {
    child.kill('SIGKILL')
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    onStderr(
      chunk,
      (line) => {
        child.stdin.write(`${line}\n`)
      },
      (name) => {
        child.kill(name)
      }
    )
  })
  await once(child, 'close')
  const status = child.exitCode
  const { findings } = stdout.startsWith('{') ? json<{ findings: Finding[] }>(stdout) : { findings: [] }
  return { status, stdout, stderr, findings, verdicts: Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict])) }
}

/** A small web server, gone at the end of `t`; with a certificate it speaks TLS. */
export async function serve (
  t: Test,
  handle: RequestListener,
  certificate?: { key: string; cert: string }
): Promise<{ url: string; port: number }> {
  const server = certificate ? createHttpsServer(certificate, handle) : createHttpServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
  })
  const port = portOf(server)
  return { url: `${certificate ? 'https' : 'http'}://localhost:${port}`, port }
}

/** What a proxy does: hands everything on to `port`. `rewrite` changes the headers on the way there. */
export const passOnTo =
  (port: () => number, rewrite: (headers: Record<string, string | string[] | undefined>) => void): RequestListener =>
    (incoming, response) => {
      const headers = { ...incoming.headers }
      rewrite(headers)
      const onward = request({ host: '127.0.0.1', port: port(), method: incoming.method, path: incoming.url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      onward.once('error', () => {
        response.destroy()
      })
      incoming.pipe(onward)
    }
