import { isIP } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { parseIpAddress, parseIpRange, rangeMatcher, sourceOf } from '../../src/platform/ip-address.ts'

t.test('an address is found in what proxies write around it', async (t) => {
  for (const [text, address] of [
    ['203.0.113.2', '203.0.113.2'], ['203.0.113.2:4000', '203.0.113.2'], [' "203.0.113.2:4000" ', '203.0.113.2'],
    ['[203.0.113.2]:4000', '203.0.113.2'], ['::ffff:203.0.113.2', '203.0.113.2'], ['[::ffff:cb00:7102]:1', '203.0.113.2'],
    ['::ffff:203.0.113.2:4000', '203.0.113.2'], ['2001:DB8::0:1', '2001:db8::1'], ['[2001:db8::1]', '2001:db8::1'],
    ['"[2001:db8::1]:443"', '2001:db8::1'], ['fe80::1%eth0', 'fe80::1'], ['[fe80::1%en-0.7]:80', 'fe80::1'],
    ['1:2:3:4:5:6:7:8:4000', '1:2:3:4:5:6:7:8']
  ] as const) t.equal(parseIpAddress(text)?.toString(), address, text)
  for (const text of [
    '', 'unknown', '_hidden', 'localhost', '1.2.3', '127.1', '0x7f.0.0.1', '010.0.0.1', '2130706433', '256.0.0.1', '1.2.3.4:123456',
    '1.2.3.4:x',
    '[1.2.3.4', '::1::', '1:2:3', '10.0.0.0/8', '1.2.3.4, 5.6.7.8', '[]', ':80', '%eth0'
  ]) t.equal(parseIpAddress(text), null, text)
})

t.test('whatever a header says is parsed without an error, and an address that Node knows is always found', async () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.[]%"/ xF'), maxLength: 50 }), (text) => {
    if (parseIpAddress(text) === null && isIP(text.replace(/%.*/, '')) !== 0) throw new Error(text)
    parseIpRange(text)
  }), { numRuns: 5000 })
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
    const address = parseIpAddress(text)
    if (address === null || parseIpAddress(sourceOf(address).split('/')[0] ?? '') === null) throw new Error(text)
  }))
})

t.test('a range takes what is in it, in whatever form, and nobody else', async (t) => {
  const isTrusted = rangeMatcher(['10.0.0.0/8', '[::1]', '::ffff:192.0.2.0/120', 'fd00::/8', 'nonsense', '0.0.0.0/0'])
  for (const address of ['10.9.9.9', '::ffff:10.1.1.1', '10.1.1.1:80', '[::1]:80', '192.0.2.7', 'fd12::1%eth0']) {
    t.ok(isTrusted(address), address)
  }
  for (const address of ['11.0.0.1', '::2', '192.0.3.1', 'fe80::1', '::a01:101', 'x', '']) t.notOk(isTrusted(address), address)
})
