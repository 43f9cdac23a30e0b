import t from 'tap'
import { parseRedisUrl } from '../../../src/platform/config/redis-target.ts'

t.test('one server keeps its address as it is', async (t) => {
  for (const url of [
    'redis://localhost',
    'redis://localhost:6380/3',
    'rediss://user:p%40ss@h:6379/0',
    'redis://:password@[::1]:6379',
    'redis://h/'
  ]) {
    t.strictSame(parseRedisUrl(url), { kind: 'single', url })
  }
})

t.test('a socket is a path, with database and user where given', async (t) => {
  t.strictSame(parseRedisUrl('unix:/run/redis.sock'), { kind: 'unix', path: '/run/redis.sock' })
  t.strictSame(parseRedisUrl('unix:///run/my%20redis.sock?db=2'), { kind: 'unix', path: '/run/my redis.sock', db: 2 })
  t.strictSame(parseRedisUrl('unix://me:p%3Aw@/run/redis.sock'), { kind: 'unix', path: '/run/redis.sock', username: 'me', password: 'p:w' })
})

t.test('nodes with commas are a Cluster', async (t) => {
  t.strictSame(parseRedisUrl('redis://a:7000,b:7001, [::1]:7002'), {
    kind: 'cluster', tls: false, nodes: [{ host: 'a', port: 7000 }, { host: 'b', port: 7001 }, { host: '::1', port: 7002 }]
  })
  t.strictSame(parseRedisUrl('rediss://me:pw@a,rediss://me:pw@b:7001/0'), {
    kind: 'cluster', tls: true, nodes: [{ host: 'a', port: 6379 }, { host: 'b', port: 7001 }], username: 'me', password: 'pw'
  })
  t.strictSame(parseRedisUrl('redis://:p%2Cw@a,a'), { kind: 'cluster', tls: false, nodes: [{ host: 'a', port: 6379 }], password: 'p,w' })
})

t.test('Sentinels name the master after the slash', async (t) => {
  t.strictSame(parseRedisUrl('redis+sentinel://a:26379,b:26380,c/main'), {
    kind: 'sentinel',
    tls: false,
    name: 'main',
    db: 0,
    sentinel: {},
    sentinels: [
      { host: 'a', port: 26379 },
      { host: 'b', port: 26380 },
      { host: 'c', port: 26379 }
    ]
  })
  t.strictSame(parseRedisUrl('rediss+sentinel://me:p%40w@a/main/4'), {
    kind: 'sentinel',
    tls: true,
    name: 'main',
    db: 4,
    sentinel: { username: 'me', password: 'p@w' },
    sentinels: [{ host: 'a', port: 26379 }],
    username: 'me',
    password: 'p@w'
  })
  t.match(parseRedisUrl('redis+sentinel://:pw@a/main?sentinel=watch:o%3Ae'), {
    password: 'pw', sentinel: { username: 'watch', password: 'o:e' }
  })
  t.strictSame(parseRedisUrl('redis+sentinel://:pw@a/main?sentinel='), {
    kind: 'sentinel', tls: false, name: 'main', db: 0, sentinel: {}, sentinels: [{ host: 'a', port: 26379 }], password: 'pw'
  })
})

t.test('what ioredis would take for something else is refused', async (t) => {
  const wrong = {
    'localhost:6379': /must begin with/,
    '/run/redis.sock': /must begin with/,
    'http://h': /must begin with/,
    'REDIS://h': /must begin with/,
    'redis://': /host and port/,
    'redis://h:0': /host and port/,
    'redis://h:99999': /host and port/,
    'redis://u:a/b@h': /percent-encode|database number/,
    'redis://h/name': /database number/,
    'redis://h?enableOfflineQueue=true': /parameters/,
    'redis://u:a#b@h': /host and port|parameters/,
    'redis://u:%zz@h': /%25/,
    'redis://a,': /comma/,
    'redis://a,rediss://b': /mixes/,
    'redis://a,b/2': /number 0/,
    'redis://u:1@a,u:2@b': /different users/,
    'redis://a,http://b': /mixes/,
    'unix:redis.sock': /absolute path/,
    'unix://run/redis.sock': /absolute path/,
    'unix:/s?db=1&path=/x': /only \?db/,
    'redis+sentinel://a:26379': /name/,
    'redis+sentinel:///main': /name/,
    'redis+sentinel://a:x/main': /host and port/,
    'redis+sentinel://a/main?password=x': /only \?sentinel/,
    'redis+sentinel://a/main/-1': /name/,
    'redis://h/-1': /database number/,
    'unix:/s?db=-1': /only \?db/
  }
  for (const [url, words] of Object.entries(wrong)) {
    t.throws(() => parseRedisUrl(url), { message: words }, url)
    t.throws(() => parseRedisUrl(url), { message: /^REDIS_URL / }, url)
  }
})
