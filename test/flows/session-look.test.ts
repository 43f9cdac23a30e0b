import t from 'tap'
import { ageRecords } from '../support/redis.ts'
import { signUp, startApp } from '../support/app.ts'

const server = await startApp(t, { env: { CORS_ORIGINS: 'http://localhost:5173,https://other.example' } })
const client = server.redis.client

t.test('GET /auth/session tells who is signed in, and turns, prolongs and sets nothing', async (t) => {
  const { who, browser } = await signUp(server)
  const refresh = browser.cookies.get('refresh')
  const keysBefore = await client.keys('*:s:*')
  const before = await Promise.all(keysBefore.map(async (key) => [await client.hgetall(key), await client.pexpiretime(key)]))
  for (let times = 0; times < 3; times++) {
    const { status, body, setCookies, headers } = await browser.get('/auth/session')
    t.match([status, body], [200, { user: { email: who.email, isTwoFactorEnabled: true } }])
    t.strictSame(Object.keys(body), ['user'], 'no token')
    t.strictSame(setCookies, [])
    t.equal(headers['cache-control'], 'no-store')
  }
  t.equal(browser.cookies.get('refresh'), refresh)
  t.strictSame(await Promise.all(keysBefore.map(async (key) => [await client.hgetall(key), await client.pexpiretime(key)])), before)
  t.equal((await browser.post('/auth/refresh')).status, 200, 'the token is as good as before')
})

t.test('nobody is { user: null }: no cookie, a forged one, an ended session, a token that was turned, a disabled account', async (t) => {
  const nobody = async (browser = server.browser()): Promise<void> => {
    const { status, body, setCookies } = await browser.get('/auth/session')
    t.strictSame([status, body, setCookies], [200, { user: null }, []])
  }
  await nobody()
  const { browser, id } = await signUp(server)
  const first = browser.cookies.get('refresh') ?? ''
  const copy = server.browser()
  copy.cookies.set('refresh', `${first.slice(0, -2)}AA`)
  await nobody(copy)
  copy.cookies.set('refresh', first)
  await browser.post('/auth/refresh')
  t.match((await copy.get('/auth/session')).body, { user: { id } }, 'another tab just turned it')
  await ageRecords(client, '*', 11_000)
  await nobody(copy)
  t.match((await browser.get('/auth/session')).body, { user: { id } }, 'looking with a copy ended nothing')
  await client.hset(`{u:${id}}:account`, 'status', 'disabled')
  await nobody(browser)
  await client.hset(`{u:${id}}:account`, 'status', 'active')
  await browser.post('/auth/logout')
  browser.cookies.set('refresh', first)
  await nobody(browser)
})

t.test('a listed origin of the same site may ask with its cookies, others may not', async (t) => {
  for (const [origin, allowed, credentials] of [
    ['http://localhost:5173', 'http://localhost:5173', 'true'],
    ['https://other.example', 'https://other.example', undefined],
    ['http://localhost:5174', undefined, undefined]
  ] as const) {
    const { headers } = await server.browser({ origin }).get('/auth/session')
    t.strictSame([headers['access-control-allow-origin'], headers['access-control-allow-credentials']], [allowed, credentials], origin)
  }
})
