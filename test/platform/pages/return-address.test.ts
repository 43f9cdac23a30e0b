import t from 'tap'
import { returnAddress } from '../../../src/platform/pages/return-address.ts'
import { APP, hostileAddresses } from '../../support/hostile-addresses.ts'

const origins = [APP, 'http://localhost:5173', 'http://[::1]:5173', 'https://xn--80ak6aa92e.example']

t.test(`${hostileAddresses.length} hostile addresses lead nowhere`, async (t) => {
  t.ok(hostileAddresses.length >= 40)
  for (const address of hostileAddresses) t.equal(returnAddress(address, origins), null, encodeURIComponent(address).slice(0, 80))
  for (const value of [undefined, null, 1, true, [APP], { toString: () => APP }]) t.equal(returnAddress(value, origins), null)
  t.equal(returnAddress(APP, []), null)
})

t.test('an address on a listed origin is kept whole, with its query and fragment', async (t) => {
  for (const address of [
    `${APP}/`, `${APP}/a/b?c=d&e=https://evil.example#f?g`, `${APP}/%2F%2Fevil.example`, `${APP}//evil.example`, 'http://localhost:5173/',
    'http://[::1]:5173/x', `${APP}/?q=%D1%97`, 'https://xn--80ak6aa92e.example/', `${APP}/${'a'.repeat(1900)}`
  ]) t.equal(returnAddress(address, origins), address)
})

t.test('the same origin in other words is that origin', async (t) => {
  t.equal(returnAddress('HTTPS://APP.EXAMPLE.ORG:443', origins), `${APP}/`)
  t.equal(returnAddress(`${APP}?a`, origins), `${APP}/?a`)
  t.equal(returnAddress(`${APP}#a`, origins), `${APP}/#a`)
  t.equal(returnAddress(`${APP}/a/../b`, origins), `${APP}/b`)
})

t.test('whatever is accepted, a browser takes for a listed origin', async (t) => {
  const parts = ['https:', '//', '/', '\\', '@', 'app.example.org', 'evil.example', ':443', '.', '%2f', '#', '?', '\t', 'а', '\u3002']
  let accepted = 0
  for (const a of parts) {
    for (const b of parts) {
      for (const c of parts) {
        const address = returnAddress(`https://${a}${b}${c}`, origins)
        if (address === null) continue
        accepted++
        if (new URL(address).origin !== APP) t.fail(encodeURIComponent(address))
      }
    }
  }
  t.ok(accepted > 0 && accepted < parts.length ** 3, `${accepted} of ${parts.length ** 3}`)
})
