import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { createLeakCheck } from '../../../src/platform/passwords/leaked.ts'
import { person, startApp } from '../../support/app.ts'
import { portOf } from '../../support/shapes.ts'

const LEAKED = 'velvet-cactus-plumber-9'
const HASH = createHash('sha1').update(LEAKED).digest('hex').toUpperCase()

/** A range service as the real one answers: suffixes with counts, padded with counts of 0. */
async function startRange (t: Test, answer: { status: number, isSilent?: boolean } = { status: 200 }) {
  const asked: Array<{ url: string, padding: unknown }> = []
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', padding: request.headers['add-padding'] })
    if (answer.isSilent) return
    const padding = createHash('sha1').update('orbit-lantern-tide-77').digest('hex').toUpperCase()
    response.writeHead(answer.status).end([`${HASH.slice(5)}:42`, `${padding.slice(5)}:0`, `${'0'.repeat(35)}:7`].join('\r\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${portOf(server)}/range/`, asked }
}

t.test('a leaked password is known by its range, and only five letters of its hash leave the server', async (t) => {
  const range = await startRange(t)
  const isLeaked = createLeakCheck(range.url, (reason) => { t.fail(reason) })
  t.equal(await isLeaked(LEAKED), true)
  t.equal(await isLeaked('orbit-lantern-tide-77'), false, 'padding is no leak')
  t.equal(await isLeaked('something-else-altogether'), false)
  t.strictSame(range.asked[0], { url: `/range/${HASH.slice(0, 5)}`, padding: 'true' })
})

t.test('without an answer the password passes, and the operator is told', async (t) => {
  const told: string[] = []
  const [broken, silent] = [await startRange(t, { status: 500 }), await startRange(t, { status: 200, isSilent: true })]
  for (const url of [broken.url, silent.url, 'http://127.0.0.1:1/range/']) {
    t.equal(
      await createLeakCheck(url, (reason) => {
        told.push(reason)
      })(LEAKED),
      false
    )
  }
  t.equal(told.length, 3)
})

t.test('an operator who asks for it has leaked passwords refused at sign-up; nobody else asks anybody', async (t) => {
  const range = await startRange(t)
  const asking = await startApp(t, { env: { PASSWORD_RANGE_URL: range.url } })
  const refused = await asking.browser().post('/auth/register', { ...person(), password: LEAKED })
  t.match([refused.status, refused.body], [400, { code: 'PASSWORD_WEAK', errors: [{ path: '/password', message: /leak/ }] }])
  const count = range.asked.length
  const quiet = await startApp(t)
  t.equal((await quiet.browser().post('/auth/register', { ...person(), password: LEAKED })).status, 201)
  t.equal(range.asked.length, count)
})
