import t from 'tap'
import { loadConfig } from '../../../src/platform/config/config.ts'
import { isSameSite } from '../../../src/platform/config/origins.ts'
import { problemsOf as problems } from '../../support/settings.ts'

const outside = { REDIS_URL: 'redis://localhost', SMTP_URL: 'smtp://localhost', MAIL_FROM: 'a@b.example' }
const at = (env: Record<string, string>) => loadConfig({ ...outside, PUBLIC_URL: 'https://id.example.org', ...env })
const problemsOf = (env: Record<string, string>): string[] => problems({ ...outside, PUBLIC_URL: 'https://id.example.org', ...env })

t.test('people may be sent to the origins of CORS_ORIGINS and APP_URL, unless RETURN_ORIGINS names others', async (t) => {
  t.strictSame(at({}).returnOrigins, [])
  t.equal(at({}).appUrl, null)
  const both = { CORS_ORIGINS: 'https://app.example.org,capacitor://localhost', APP_URL: 'https://shop.example.org/home#x' }
  t.strictSame(at(both).returnOrigins, ['https://app.example.org', 'https://shop.example.org'], 'no native app')
  t.equal(at(both).appUrl, 'https://shop.example.org/home#x')
  t.strictSame(at({ ...both, RETURN_ORIGINS: 'https://a.example.org:8443' }).returnOrigins, ['https://a.example.org:8443'])
  t.strictSame(at({ APP_URL: 'http://localhost:5173' }).returnOrigins, ['http://localhost:5173'])
})

t.test('RETURN_ORIGINS are exact origins, and APP_URL is an address, both https except on this machine', async (t) => {
  for (const origin of [
    'https://*.example.org', 'https://app.example.org/', 'https://u@app.example.org', 'http://app.example.org', 'app.example.org', '*',
    'null', 'capacitor://localhost', 'https://app.example.org?x', 'javascript:alert(1)'
  ]) {
    // A slash at the end says nothing else.
    if (origin.endsWith('/')) t.strictSame(at({ RETURN_ORIGINS: origin }).returnOrigins, [origin.slice(0, -1)])
    else t.match(problemsOf({ RETURN_ORIGINS: origin }), [/^RETURN_ORIGINS must list exact origins/], origin)
  }
  for (const url of ['http://app.example.org', 'app.example.org', '/home', 'https://u:p@app.example.org', 'javascript:alert(1)']) {
    t.match(problemsOf({ APP_URL: url }), [/^APP_URL must be the address of your application/], url)
  }
})

t.test('CORS_ORIGINS may name native apps, and nothing that runs or reads', async (t) => {
  for (const origin of ['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app-x.y://host:8080']) {
    t.strictSame(at({ CORS_ORIGINS: origin }).corsOrigins, [origin])
    t.match(at({ CORS_ORIGINS: origin }).warnings, [/another site than PUBLIC_URL/])
  }
  for (const origin of [
    'capacitor://', 'capacitor:localhost', 'capacitor://localhost/', 'capacitor://*', 'javascript://localhost', 'data://x', 'file://x',
    'blob://x', 'wss://app.example.org', 'Capacitor://localhost', 'capacitor://user@localhost'
  ]) t.match(problemsOf({ CORS_ORIGINS: origin }), [/^CORS_ORIGINS must list exact origins/], origin)
})

t.test('what is one site says the Public Suffix List, as browsers do', async (t) => {
  for (const [one, other, isSame] of [
    ['https://app.example.co.uk', 'https://id.example.co.uk', true],
    ['https://a.co.uk', 'https://b.co.uk', false],
    ['https://a.github.io', 'https://b.github.io', false],
    ['https://app.example.org', 'https://a.b.c.example.org', true],
    ['https://example.org', 'http://example.org', false],
    ['http://localhost:5173', 'http://localhost:3000', true],
    ['http://127.0.0.1:5173', 'http://localhost:3000', false],
    ['http://10.0.0.1', 'http://10.0.0.1:3000', true],
    ['http://[::1]:1', 'http://[::1]:2', true],
    ['capacitor://localhost', 'http://localhost', false]
  ] as const) t.equal(isSameSite(one, other), isSame, `${one} ${other}`)
})

t.test('the start warns of an origin of another site that people are sent back to, once', async (t) => {
  t.match(at({ APP_URL: 'https://app.example.com/x' }).warnings, [/^People are sent back to https:\/\/app\.example\.com,.* another site/])
  t.match(at({ APP_URL: 'https://app.example.com', CORS_ORIGINS: 'https://app.example.com' }).warnings, [/^CORS_ORIGINS has/])
  t.strictSame(at({ APP_URL: 'https://app.example.org', RETURN_ORIGINS: 'https://b.example.org' }).warnings, [])
})
