import t from 'tap'
import { parseRedisUrl } from '../../../src/platform/config/redis-target.ts'
import { createCause, whyAway } from '../../../src/platform/redis/why-away.ts'

const refused = new Error('connect ECONNREFUSED 127.0.0.1:6379')
const closed = new Error('Connection is closed.')

t.test('the cause is told, not that the connection was closed after it; but no cause of long ago', async (t) => {
  const dateNow = Date.now
  t.teardown(() => { Date.now = dateNow })
  let at = dateNow()
  Date.now = () => at
  const cause = createCause()
  t.equal(cause.last(), undefined)
  cause.add(refused)
  cause.add(closed)
  t.equal(cause.last(), refused)
  at += 5_000
  t.equal(cause.last(), undefined)
  cause.add(closed)
  t.equal(cause.last(), closed)
})

t.test('a name that only Redis announces is not looked for in REDIS_URL', async (t) => {
  const cluster = parseRedisUrl('rediss://redis-1,redis-2')
  t.match(whyAway(new Error('getaddrinfo ENOTFOUND redis-1'), cluster), /The host redis-1 in REDIS_URL has no address/)
  t.match(whyAway(new Error('getaddrinfo ENOTFOUND other'), cluster), /The host other, which Redis announces, has no address/)
  const misnamed = Object.assign(new Error('not in the list'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  t.match(whyAway(misnamed, cluster), /Use a name of it in REDIS_URL, and let Redis announce it/)
  t.match(whyAway(misnamed, parseRedisUrl('rediss://redis-1')), /Use a name of it in REDIS_URL\.$/)
})
