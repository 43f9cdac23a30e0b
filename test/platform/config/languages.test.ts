import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/platform/config/config.ts'
import { shippedMessages } from '../../../src/platform/locales/index.ts'
import { problemsOf } from '../../support/settings.ts'

const FROM_HERE = import.meta.url.includes('/dist/test/') ? '../../../..' : '../../..'
const EXAMPLE = fileURLToPath(new URL(`${FROM_HERE}/docs/examples/texts`, import.meta.url))

/** A folder with these files: objects are written as JSON. */
function textsFolder (t: Test, files: Record<string, object | string>): string {
  const folder = t.testdir()
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

t.test('LOCALES offers languages in its order, DEFAULT_LOCALE is one of them', async (t) => {
  const ownTexts = {}
  t.strictSame(loadConfig({ LOCALES: 'ru, uk' }).languages, { locales: ['ru', 'uk'], defaultLocale: 'ru', ownTexts })
  t.strictSame(loadConfig({ LOCALES: 'uk,en' }).languages, { locales: ['uk', 'en'], defaultLocale: 'en', ownTexts })
  const twice = { LOCALES: 'en,uk,uk', DEFAULT_LOCALE: 'uk' }
  t.strictSame(loadConfig(twice).languages, { locales: ['en', 'uk'], defaultLocale: 'uk', ownTexts })
  t.match(problemsOf({ LOCALES: 'en,fr' }), [/^LOCALES names "fr", which has no texts\. There are en, uk, ru/])
  t.match(problemsOf({ LOCALES: ',' }), [/^LOCALES names no language/])
  t.match(problemsOf({ LOCALES: 'uk', DEFAULT_LOCALE: 'en' }), [/^DEFAULT_LOCALE is "en", which is not offered\. Choose one of uk\./])
})

t.test('TEXTS_DIR words some sentences anew, and adds a language that has all of them', async (t) => {
  const some = textsFolder(t, { 'uk.json': { 'pages.login.heading': 'Знову ви!' } })
  t.strictSame(loadConfig({ TEXTS_DIR: some }).languages, {
    locales: ['en', 'uk', 'ru'], defaultLocale: 'en', ownTexts: { uk: { 'pages.login.heading': 'Знову ви!' } }
  })
  const all = textsFolder(t, { 'de.json': shippedMessages('en'), 'notes.txt': 'not ours' })
  t.strictSame(loadConfig({ TEXTS_DIR: all }).languages.locales, ['en', 'uk', 'ru', 'de'])
  t.strictSame(loadConfig({ TEXTS_DIR: all, LOCALES: 'de' }).languages.defaultLocale, 'de')
})

t.test('the German example is complete', async (t) => {
  t.strictSame(problemsOf({ TEXTS_DIR: EXAMPLE }), [])
  t.strictSame(loadConfig({ TEXTS_DIR: EXAMPLE }).languages.locales, ['en', 'uk', 'ru', 'de'])
})

t.test('a mistake in a text is told with its file and key', async (t) => {
  const cases: Array<[name: string, texts: object, told: RegExp]> = [
    ['en.json', { 'pages.login.headline': 'x' }, /en\.json: "pages\.login\.headline" is no key of a sentence\.$/],
    ['en.json', { __proto__: null, constructor: 'x' }, /"constructor" is no key/],
    ['en.json', { 'mails.loginCode.subject': 'Your code' }, /"mails\.loginCode\.subject" lacks \{code\}\.$/],
    ['en.json', { 'pages.login.heading': 'Hello {name}' }, /"pages\.login\.heading" names \{name\}, which is not known there\.$/],
    ['uk.json', { 'pages.code.left': '{n, plural, one {# a} other {# b}}' }, /uk\.json: .* lacks the plural form "few" of \{n\}\.$/],
    ['en.json', { 'pages.code.left': '{n, plural, one {# attempt}}' }, /"pages\.code\.left" is no ICU message: /],
    ['en.json', { 'pages.dashboard.heading': 'Hello, {name' }, /"pages\.dashboard\.heading" is no ICU message: /],
    ['en.json', { 'pages.dashboard.heading': '{name, plural, one {#} other {#}}' }, /counts with \{name\}, which is text\.$/],
    ['en.json', { 'pages.dashboard.heading': '{name, date}' }, /takes \{name\} for a time/],
    ['en.json', { 'pages.login.heading': ' ' }, /says nothing\.$/],
    ['en.json', { 'mails.newDevice.heading': 'One\nTwo' }, /has control characters\.$/],
    ['en.json', { 'pages.login.heading': 'a\u202eb' }, /has control characters\.$/],
    ['en.json', { 'language.dates': 'not a tag' }, /must be a language tag/]
  ]
  for (const [name, texts, told] of cases) {
    t.match(problemsOf({ TEXTS_DIR: textsFolder(t, { [name]: texts }) }), [told], JSON.stringify(texts))
  }
})

t.test('a file that cannot be used is told, and a language that lacks sentences', async (t) => {
  const { 'pages.login.heading': _left, ...most } = shippedMessages('en')
  t.match(problemsOf({ TEXTS_DIR: textsFolder(t, { 'de.json': most }) }), [/de\.json: "pages\.login\.heading" is missing\.$/])
  t.match(problemsOf({ TEXTS_DIR: textsFolder(t, { 'de.json': '{' }) }), [/de\.json is no JSON: /])
  t.match(problemsOf({ TEXTS_DIR: textsFolder(t, { 'de.json': '["a"]' }) }), [/de\.json must be one object/])
  t.match(problemsOf({ TEXTS_DIR: textsFolder(t, { 'en.json': { 'pages.login.heading': 1 } }) }), [/en\.json must be one object/])
  t.match(problemsOf({ TEXTS_DIR: textsFolder(t, { 'german texts.json': {} }) }), [/german texts\.json is not named after a language/])
  t.match(problemsOf({ TEXTS_DIR: '/there/is/none' }), [/^TEXTS_DIR is \/there\/is\/none, which cannot be read \(ENOENT\)/])
  const many = problemsOf({ TEXTS_DIR: textsFolder(t, { 'de.json': {} }) })
  t.ok(many.length <= 21 && /more mistakes\.$/.test(many.at(-1) ?? ''), 'not seven hundred lines')
})
