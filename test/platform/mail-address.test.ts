import fc from 'fast-check'
import t from 'tap'
import { displayMailAddress, parseMailAddress } from '../../src/platform/mail-address.ts'

t.test('an address has one form: the domain in ASCII, without what came along when it was copied', async (t) => {
  for (const [typed, address] of [
    ['Olena@Example.ORG', 'olena@example.org'],
    [' olena@example.org\t', 'olena@example.org'],
    ['\u200bolena@example.org\u2060\ufeff', 'olena@example.org'],
    ['\u202aolena@example.org\u202c', 'olena@example.org'],
    ['user@пошта.укр', 'user@xn--80a1acn3a.xn--j1amh'],
    ['user@ПОШТА.укр', 'user@xn--80a1acn3a.xn--j1amh'],
    ['user@XN--80A1ACN3A.xn--j1amh', 'user@xn--80a1acn3a.xn--j1amh'],
    ['user@пошта。укр', 'user@xn--80a1acn3a.xn--j1amh'],
    ['user@ｅｘａｍｐｌｅ.org', 'user@example.org'],
    ['user@faß.de', 'user@xn--fa-hia.de'],
    ['user@βόλος.gr', 'user@xn--nxasmm1c.gr'],
    ['user@bu\u0308cher.de', 'user@xn--bcher-kva.de'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`]
  ] as const) {
    t.equal(parseMailAddress(typed), address, JSON.stringify(typed))
    t.equal(parseMailAddress(address), address)
  }
})

t.test('what is no address, or might be two, is none', async (t) => {
  for (const text of [
    '', '@', 'olena', 'olena@', '@example.org', 'olena@example', 'a@b@example.org', 'a@example.org,b@example.org', 'a b@example.org',
    'олена@example.org', '\u212a@example.org', 'о@example.org', 'a\u200bb@example.org', 'a@example.org\n', 'a@exa\nmple.org',
    'a@example..org', 'a@.example.org', 'a@example.org.', 'a@-example.org', 'a@example-.org', 'a@exa_mple.org', 'a@exa%6dple.org',
    'a@example.org:25', 'a@example.org/x', 'a@пошта.укр/x', 'a@пошта .укр', 'a@пош,та.укр', 'a@[127.0.0.1]', 'a@xn--a.com', 'a@xn--.com',
    'a@gооgle.com', 'a@gοοgle.com',
    'a@\u0301b.com', 'a@a\u200db.com', 'a@\u05d0b\u05d1c.com', `a@${'п'.repeat(60)}.укр`, `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(64)}.org`, `${'a'.repeat(60)}@${'пошта.'.repeat(20)}укр`
  ]) t.equal(parseMailAddress(text), null, JSON.stringify(text))
})

t.test('a domain is shown as people write it where its letters are of one script, else in ASCII', async (t) => {
  for (const [typed, shown] of [
    ['user@пошта.укр', 'user@пошта.укр'],
    ['user@bücher.de', 'user@bücher.de'],
    ['user@日本ひらカタ.日本', 'user@日本ひらカタ.日本'],
    ['user@αβγ.ελ', 'user@αβγ.ελ'],
    ['user@аррӏе.com', 'user@xn--80ak6aa92e.com'],
    ['user@xn--ggle-55da.com', 'user@xn--ggle-55da.com'],
    ['user@example.org', 'user@example.org']
  ] as const) t.equal(displayMailAddress(parseMailAddress(typed) ?? ''), shown, typed)
  for (const stored of ['', 'xn--@', 'a@xn--a.com', 'a@xn--', '@xn--80a1acn3a.xn--j1amh']) t.type(displayMailAddress(stored), 'string')
})

t.test('whatever is typed: the form of an address is ASCII, stays as it is, and what is shown leads back to it', async () => {
  const [anything, graphemes] = [fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })]
  fc.assert(fc.property(anything, graphemes, (rest, label) => {
    for (const typed of [rest, `a@${label}.укр`, `a@${label}.org`, `${rest}@example.org`]) {
      const address = parseMailAddress(typed)
      if (address === null) continue
      if (!/^[\x21-\x7e]+$/.test(address)) throw new Error(address)
      if (parseMailAddress(address) !== address || parseMailAddress(displayMailAddress(address)) !== address) throw new Error(address)
    }
  }), { numRuns: 3000 })
})
