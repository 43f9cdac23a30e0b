import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/platform/config/config.ts'
import { withSenderName } from '../../../src/platform/config/mail.ts'
import { PNG, SVG } from '../../support/logos.ts'
import { problemsOf } from '../../support/settings.ts'

function logoFile (t: Test, body: string | Buffer, name = 'logo.svg'): string {
  const path = join(t.testdir(), name)
  writeFileSync(path, body)
  return path
}

t.test('without settings the brand is ours', async (t) => {
  t.strictSame(loadConfig({}).brand, { name: 'Dvokrok', color: null, logo: null, links: { support: null, terms: null, privacy: null } })
})

t.test('BRAND_NAME has 1 to 40 characters that can stand in a header', async (t) => {
  for (const name of ['X', 'Kobzar & Söhne, Ltd.', 'Двокрок', '🐝'.repeat(40)]) {
    t.equal(loadConfig({ BRAND_NAME: name }).brand.name, name)
  }
  for (const name of ['x'.repeat(41), 'a\r\nBcc: b@example.org', 'a\u202eb', '\u200b', 'a\u2028b']) {
    t.match(problemsOf({ BRAND_NAME: name }), [/^BRAND_NAME must have 1 to 40 characters/], encodeURIComponent(name))
  }
})

t.test('the brand is the sender’s name where MAIL_FROM has none, and a word that no password may be made of', async (t) => {
  t.equal(withSenderName('id@example.org', 'Kobzar'), 'Kobzar <id@example.org>')
  t.equal(withSenderName('Bees <id@example.org>', 'Kobzar'), 'Bees <id@example.org>')
  t.equal(withSenderName('id@example.org', 'Kobzar, "Ltd"'), '"Kobzar, Ltd" <id@example.org>')
  t.equal(loadConfig({ BRAND_NAME: 'Kobzar' }).mailFrom, 'Kobzar <no-reply@localhost>')
  t.strictSame(loadConfig({ BRAND_NAME: 'Kobzar' }).contextWords, ['localhost', 'Kobzar'])
})

t.test('BRAND_COLOR is #rrggbb', async (t) => {
  t.equal(loadConfig({ BRAND_COLOR: '#0B6E4F' }).brand.color, '#0b6e4f')
  for (const color of ['0b6e4f', '#0b6', 'green', '#0b6e4f80', 'rgb(0,0,0)', '#0b6e4f;}*{']) {
    t.match(problemsOf({ BRAND_COLOR: color }), [/^BRAND_COLOR must be a colour as #rrggbb/], color)
  }
})

t.test('SUPPORT_URL, TERMS_URL and PRIVACY_URL are https or mailto', async (t) => {
  const { links } = loadConfig({ SUPPORT_URL: 'mailto:help@example.org', TERMS_URL: 'https://example.org/terms?x=1&y=2' }).brand
  t.strictSame(links, { support: 'mailto:help@example.org', terms: 'https://example.org/terms?x=1&y=2', privacy: null })
  for (const name of ['SUPPORT_URL', 'TERMS_URL', 'PRIVACY_URL']) {
    for (const value of [
      'http://example.org', 'javascript:alert(1)', 'example.org/help', 'mailto:', 'https://u:p@example.org', '//example.org'
    ]) {
      t.match(problemsOf({ [name]: value }), [new RegExp(`^${name} must be an https:// or mailto: address`)], value)
    }
  }
})

t.test('BRAND_LOGO is an SVG or a PNG, told by its content, with the shape that the page leaves room for', async (t) => {
  t.match(loadConfig({ BRAND_LOGO: logoFile(t, SVG) }).brand.logo, { type: 'image/svg+xml', aspect: 3 })
  t.match(loadConfig({ BRAND_LOGO: logoFile(t, PNG, 'logo.bin') }).brand.logo, { type: 'image/png', aspect: 1 })
  t.match(loadConfig({ BRAND_LOGO: logoFile(t, `\uFEFF<?xml version="1.0"?>\n<!-- made by hand -->\n${SVG}`) }).brand.logo, { aspect: 3 })
  t.match(loadConfig({ BRAND_LOGO: logoFile(t, SVG.replace('viewBox="0 0 96 32"', '')) }).brand.logo, { aspect: 1 })
})

t.test('any other logo refuses the start, and says why', async (t) => {
  const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex')
  for (const [body, why] of [
    [jpeg, /neither an SVG .* nor a PNG/],
    ['GIF89a', /neither/],
    ['', /neither/],
    ['<!doctype html><svg xmlns="http://www.w3.org/2000/svg"/>', /neither/],
    ['<html><svg xmlns="http://www.w3.org/2000/svg"/></html>', /neither/],
    ['<svg viewBox="0 0 1 1"/>', /neither/],
    [PNG.subarray(0, 10), /neither/],
    [SVG + ' '.repeat(64 * 1024), /65536 are the most/]
  ] as const) t.match(problemsOf({ BRAND_LOGO: logoFile(t, body) }), [why], encodeURIComponent(String(body).slice(0, 20)))
  mkdirSync(join(t.testdir(), 'folder'))
  t.match(problemsOf({ BRAND_LOGO: join(t.testdirName, 'folder') }), [/which is no file/])
  t.match(problemsOf({ BRAND_LOGO: '/nowhere/logo.svg' }), [/cannot be read \(ENOENT\)/])
})
