import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { startApp } from '../support/app.ts'
import { buildPages } from '../support/built-pages.ts'

const APP = 'http://localhost:5173'

buildPages()
const server = await startApp(t, { env: { CORS_ORIGINS: APP } })
const get = async (url: string, headers: Record<string, string> = {}) => await server.fastify.inject({ url, headers })

t.test('the client is served as one script, which pages of listed origins may load, and is kept with its tag', async (t) => {
  const { statusCode, headers, body } = await get('/client.js', { origin: APP })
  t.equal(statusCode, 200)
  t.match(headers, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=300',
    'access-control-allow-origin': APP,
    vary: /origin/i,
    etag: /^"[\w-]+"$/
  })
  t.match(body, /export\s*\{[^}]*createClient/)
  for (const [tag, status] of [[String(headers.etag), 304], [`W/${String(headers.etag)}`, 304], ['"another"', 200]] as const) {
    const again = await get('/client.js', { origin: APP, 'if-none-match': tag })
    t.equal(again.statusCode, status, tag)
    t.match(again.headers, { etag: String(headers.etag), 'access-control-allow-origin': APP, vary: /origin/i })
  }
  const packed = await get('/client.js', { 'accept-encoding': 'gzip' })
  t.match(packed.headers, { 'content-encoding': 'gzip', vary: /accept-encoding/i })
  t.equal(gunzipSync(packed.rawPayload).toString(), body)
  t.notOk((await get('/client.js', { origin: 'https://elsewhere.example' })).headers['access-control-allow-origin'])
})

t.test('what it loads when asked lies among the assets, for listed origins too', async (t) => {
  const { body } = await get('/client.js')
  const parts = [...new Set([...body.matchAll(/import\("\.(\/assets\/[\w.-]+)"\)/g)].map(([, path = '']) => path))]
  t.match(parts.sort(), [/client-solve-/, /client-webauthn-/])
  for (const path of parts) {
    const { headers } = await get(path, { origin: APP })
    t.match(headers, { 'content-type': /^(text|application)\/javascript/, 'access-control-allow-origin': APP }, path)
  }
})
