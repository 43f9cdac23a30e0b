import t from 'tap'
import type { AccessClaims } from '../../../src/platform/tokens/access-token.ts'
import { createVerifiedTokens } from '../../../src/platform/tokens/verified-tokens.ts'
import { now } from '../../../src/platform/clock.ts'

const inSeconds = (seconds: number): number => Math.floor(now() / 1000) + seconds
const claims = (sub: string, exp = inSeconds(900)): AccessClaims =>
  ({ iss: 'i', aud: 'a', sub, sid: 's', client_id: 'i', jti: 'j', iat: 0, exp, auth_time: 0, amr: ['pwd'], '2fa': true })

t.test('a token is known by all of its letters', async (t) => {
  const verified = createVerifiedTokens(2)
  verified.add('header.payload.signature', claims('olena'))
  t.equal(verified.find('header.payload.signature')?.sub, 'olena')
  for (const other of ['header.payload.signaturf', 'header.payload.', 'header.payload.signature ', '']) {
    t.equal(verified.find(other), undefined, other)
  }
})

t.test('a token that ran out is forgotten', async (t) => {
  const verified = createVerifiedTokens(2)
  verified.add('old', claims('olena', inSeconds(-6)))
  t.equal(verified.find('old'), undefined)
  verified.add('leeway', claims('olena', inSeconds(-3)))
  t.equal(verified.find('leeway')?.sub, 'olena', 'clocks may differ by five seconds')
})

t.test('there are never more than so many, and the oldest goes first', async (t) => {
  const verified = createVerifiedTokens(2)
  for (const one of ['first', 'second', 'second', 'third']) verified.add(one, claims(one))
  t.strictSame(['first', 'second', 'third'].map((one) => verified.find(one)?.sub), [undefined, 'second', 'third'])
})
