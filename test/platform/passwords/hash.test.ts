import bcrypt from 'bcrypt'
import { createHmac, randomBytes } from 'node:crypto'
import t from 'tap'
import { createPasswordHasher, type Pepper } from '../../../src/platform/passwords/hash.ts'
import { createPasswordPool } from '../../../src/platform/passwords/pool.ts'

const COST = 6
const pool = createPasswordPool({ size: 1, cost: COST, queueLimit: 10 })
t.teardown(() => pool.close())

const newPepper = (kid: string): Pepper => ({ kid, key: randomBytes(48) })
const pepper = newPepper('k1_-')
const hasher = createPasswordHasher({ pool, pepper: { current: pepper, previous: [] }, cost: COST })

const workOf = async (job: () => Promise<unknown>): Promise<number> => {
  const before = pool.metrics().rounds
  await job()
  return pool.metrics().rounds - before
}

t.test('a record is a key id and a bcrypt hash of the peppered password, 64 characters', async t => {
  const record = await hasher.hash('correct horse')
  t.match(record, /^k1_-\$2b\$06\$.{53}$/)
  t.equal(record.length, 64)
  const prehash = createHmac('sha384', pepper.key).update('correct horse').digest('base64')
  t.ok(bcrypt.compareSync(prehash, record.slice(4)))
  t.notOk(bcrypt.compareSync('correct horse', record.slice(4)), 'useless without the pepper')
  t.same(await hasher.verify('correct horse', record), { ok: true, needsRehash: false })
  t.same(await hasher.verify('Correct horse', record), { ok: false, needsRehash: false })
})

t.test('two records of one password differ', async t => {
  t.not(await hasher.hash('correct horse'), await hasher.hash('correct horse'))
})

t.test('letters beyond bcrypt\'s 72 bytes count', async t => {
  const record = await hasher.hash('щ'.repeat(36) + 'а')
  t.same(await hasher.verify('щ'.repeat(36) + 'б', record), { ok: false, needsRehash: false })
  const shorter = await hasher.hash('щ'.repeat(35) + 'а')
  t.same(await hasher.verify('щ'.repeat(35) + 'я', shorter), { ok: false, needsRehash: false })
  const emoji = await hasher.hash('🙂'.repeat(64))
  t.same(await hasher.verify('🙂'.repeat(63) + '🙃', emoji), { ok: false, needsRehash: false })
  t.same(await hasher.verify('🙂'.repeat(64), emoji), { ok: true, needsRehash: false })
})

t.test('a letter typed as one code point or as two is the same letter', async t => {
  const composed = 'Київ і їжак'.normalize('NFC')
  t.not(composed.normalize('NFD'), composed)
  t.equal((await hasher.verify(composed.normalize('NFD'), await hasher.hash(composed))).ok, true)
  t.equal((await hasher.verify(composed, await hasher.hash(composed.normalize('NFD')))).ok, true)
})

t.test('a record of a previous pepper verifies and asks for a new one', async t => {
  const record = await hasher.hash('correct horse')
  const rotated = createPasswordHasher({ pool, pepper: { current: newPepper('new1'), previous: [pepper] }, cost: COST })
  t.same(await rotated.verify('correct horse', record), { ok: true, needsRehash: true })
  t.same(await rotated.verify('wrong', record), { ok: false, needsRehash: false })
  t.match(await rotated.hash('correct horse'), /^new1/)
})

t.test('a record of another cost verifies and asks for a new one', async t => {
  const prehash = createHmac('sha384', pepper.key).update('correct horse').digest('base64')
  for (const cost of [COST - 1, COST + 1]) {
    const record = pepper.kid + bcrypt.hashSync(prehash, cost)
    t.same(await hasher.verify('correct horse', record), { ok: true, needsRehash: true }, `cost ${cost}`)
  }
})

t.test('no record, a strange pepper, a malformed record and a wrong password are wrong for the same work', async t => {
  const record = await hasher.hash('correct horse')
  const strange = `none${record.slice(4)}`
  const older = pepper.kid + bcrypt.hashSync('something', COST - 2)
  for (const [name, value] of Object.entries({ unknown: null, strange, malformed: 'k1_-nonsense', empty: '', wrong: record, older })) {
    const password = value === strange ? 'correct horse' : 'wrong'
    const work = await workOf(async () => {
      t.same(await hasher.verify(password, value), { ok: false, needsRehash: false }, name)
    })
    t.equal(work, 2 ** COST, `${name}: the same work`)
  }
})

t.test('a pepper key id that would not fit the record is refused at once', async t => {
  for (const kid of ['abc', 'abcde', 'ab$d', '']) {
    t.throws(() => createPasswordHasher({ pool, pepper: { current: newPepper(kid), previous: [] }, cost: COST }), /four characters/)
  }
})
