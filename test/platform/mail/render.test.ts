import t from 'tap'
import { type Locale, SHIPPED_LOCALES } from '../../../src/platform/locales/index.ts'
import type { MailKind } from '../../../src/platform/locales/messages.ts'
import { renderMail, type RenderedMail } from '../../../src/platform/mail/render.ts'
import { mailLook } from '../../../src/platform/mail/templates/palette.ts'
import { DARK, LIGHT, type Palette } from '../../../src/platform/mail/templates/palette.ts'
import { PLACE_PATHS, PLACES } from '../../../src/platform/mail/templates/places.ts'
import { at, CODE, code, facts, messages } from '../../support/mails.ts'
import { shaped } from '../../support/shapes.ts'

const kinds = shaped<MailKind[]>(Object.keys(messages))
const codeKinds: MailKind[] = ['signUpCode', 'loginCode', 'reauthCode', 'resetCode', 'emailChangeCode']

const render = (kind: MailKind, locale: Locale = 'en'): RenderedMail =>
  renderMail(messages[kind], { locale, publicUrl: 'https://id.example.org' })
const greet = (name: string, locale: Locale = 'en'): RenderedMail =>
  renderMail({ kind: 'newDevice', ...facts, name }, { locale, publicUrl: 'https://id.example.org' })
const each = (check: (mail: RenderedMail, label: string, kind: MailKind, locale: Locale) => void): void => {
  for (const locale of SHIPPED_LOCALES) for (const kind of kinds) check(render(kind, locale), `${locale} ${kind}`, kind, locale)
}

t.test('a code mail begins with code and product, and its first line has the word next to the digits', async (t) => {
  t.equal(render('loginCode').subject, '483920 — your Dvokrok sign-in code')
  t.equal(render('loginCode', 'uk').subject, '483920 — ваш код для входу в Dvokrok')
  t.equal(render('loginCode', 'ru').subject, '483920 — ваш код для входа в Dvokrok')
  for (const locale of SHIPPED_LOCALES) {
    for (const kind of codeKinds) {
      const { subject, text } = render(kind, locale)
      t.match(subject, /^483920 — .*Dvokrok/)
      t.match(text.split('\n')[0], /(code|код).*: 483920$/, `${locale} ${kind}`)
    }
  }
})

t.test('every purpose has a subject of its own', async (t) => {
  for (const locale of SHIPPED_LOCALES) t.equal(new Set(kinds.map((kind) => render(kind, locale).subject)).size, kinds.length, locale)
})

t.test('nothing in a mail looks like a code but the code', async (t) => {
  each(({ subject, text, html }, label, kind) => {
    const found = new Set(`${subject}\n${text}\n${html}`.match(/\d{6,}/g) ?? [])
    t.same([...found], codeKinds.includes(kind) ? [CODE] : [], label)
  })
})

t.test('the code stands whole in one element, 48 px, selectable, in a gradient frame', async (t) => {
  const { html } = render('loginCode')
  t.match(html, />483920<\/span>/)
  const [span = ''] = /<span class="digits[^>]*>483920/.exec(html) ?? []
  t.match(span, /font-size:48px/)
  t.match(span, /user-select:all/)
  t.match(html.slice(0, html.indexOf(span)).slice(-900), /linear-gradient/)
  t.notMatch(render('newDevice').html, /gradient/, 'a mail without a code has no empty frame')
})

t.test('text and HTML say the same: lifetime, tell nobody, who asked, what to do', async (t) => {
  const words: Record<Locale, RegExp[]> = {
    en: [
      /works for 5 minutes/,
      /Don’t share it with anyone/,
      /Firefox on Linux/,
      /2001:db8::7/,
      /21 November 2026 at 01:40 UTC/,
      /If this wasn’t you/,
      /https:\/\/id\.example\.org/,
      /Hello Олена,/
    ],
    uk: [
      /діє 5 хвилин/,
      /Нікому його не повідомляйте/,
      /Firefox на Linux/,
      /2001:db8::7/,
      /21 листопада 2026.*01:40 UTC/,
      /Якщо це були не ви/,
      /Вітаємо, Олена!/
    ],
    ru: [
      /действует 5 минут/,
      /Никому его не сообщайте/,
      /Firefox на Linux/,
      /2001:db8::7/,
      /21 ноября 2026.*01:40 UTC/,
      /Если это были не вы/,
      /Здравствуйте, Олена!/
    ]
  }
  for (const locale of SHIPPED_LOCALES) {
    const { text, html } = render('loginCode', locale)
    for (const word of words[locale] ?? []) {
      t.match(text, word)
      t.match(html, word)
    }
  }
  each(({ text, html }, label) => {
    const shown = html.slice(html.indexOf('<body')).replace(/<[^>]*>/g, '\n').replaceAll('&#39;', "'").replaceAll('&quot;', '"')
    for (const line of text.split('\n').filter((one) => one !== '' && one !== '-- ')) {
      for (const word of wordsOf(line)) t.ok(shown.includes(word), `${label}: “${word}” is in the HTML too`)
    }
    const body = html.slice(html.indexOf('</div>')).replace(/<h1.*<\/h1>/, '').replace(/<[^>]*>/g, '\n')
    for (const word of wordsOf(body)) t.ok(text.includes(word), `${label}: “${word}” is in the text too`)
  })
})

t.test('minutes agree with their number', async (t) => {
  const lifetime = (locale: Locale, ttlMinutes: number): string =>
    renderMail({ kind: 'signUpCode', client: facts.client, at, code: CODE, ttlMinutes }, { locale, publicUrl: 'https://id.example.org' })
      .text
  t.match(lifetime('en', 1), 'for 1 minute.')
  t.match(lifetime('uk', 1), 'діє 1 хвилину.')
  t.match(lifetime('uk', 2), 'діє 2 хвилини.')
  t.match(lifetime('uk', 10), 'діє 10 хвилин.')
  t.match(lifetime('ru', 3), 'действует 3 минуты.')
})

t.test('a mail is whole by itself: nothing is loaded, run or called, and the only links are those to us', async (t) => {
  each(({ html }, label, kind, locale) => {
    const { path } = shaped<{ path?: string }>(messages[kind])
    const place = PLACES[kind]
    t.match(html, `<html lang="${locale}">`, label)
    t.match(html, /<meta name="color-scheme" content="light dark">/, label)
    t.match(html, /@media \(prefers-color-scheme: dark\)/, label)
    t.notMatch(html, /<(img|script|link|iframe|form|object|svg|video|base)\b|url\(|@import|@font-face|\bon\w+=|src=/i, label)
    t.same(
      [...html.matchAll(/https?:\/\/[^"<\s]+/g)].map(([address]) => address),
      [path, place && PLACE_PATHS[place], '', ''].flatMap((one) => one === undefined ? [] : [`https://id.example.org${one}`]),
      label
    )
  })
})

t.test('a mail that advises something has a link to where it is done, in both parts; one with a code has none', async (t) => {
  t.strictSame(codeKinds.filter((kind) => PLACES[kind] !== undefined), [])
  t.strictSame(kinds.filter((kind) => PLACES[kind] === undefined && !codeKinds.includes(kind)).sort(), [
    // Whoever has lost an account or an address has nothing to open; an invitation has its button.
    'accountDeleted', 'accountDisabled', 'emailChangeLink', 'emailChanged', 'invitation'
  ])
  const { text, html } = render('passwordChanged')
  t.match(text, '\nReset your password:\nhttps://id.example.org/forgot-password\n')
  t.match(html, /<a class="accent" href="https:\/\/id\.example\.org\/forgot-password"[^>]*>Reset your password<\/a>/)
  t.match(render('accountExists', 'uk').html, />Увійти<\/a>/)
})

t.test('Outlook on Windows gets a table as wide as the mail, a font, and a button whose cell has the padding', async (t) => {
  each(({ html }, label) => {
    t.match(html, /<!--\[if mso\]><table role="presentation" width="520" align="center"[^>]*><tr><td align="left"><!\[endif\]-->/, label)
    t.match(html, /<!--\[if mso\]><\/td><\/tr><\/table><!\[endif\]-->/, label)
    t.equal(html.match(/<table/g)?.length, html.match(/<\/table>/g)?.length, label)
    t.match(html, /<!--\[if mso\]><style>[^<]*"Segoe UI"/, label)
  })
  t.match(render('invitation').html, /<td class="accent" style="[^"]*mso-padding-alt:12px 24px"><a class="accent" href="/)
})

t.test('every pair of colours has a contrast of 4.5 to 1 at least, light and dark', async (t) => {
  const pairs: Array<[keyof Palette, keyof Palette]> =
    [['text', 'card'], ['muted', 'card'], ['muted', 'page'], ['accent', 'page'], ['code', 'codeField']]
  for (const [name, palette] of [['light', LIGHT], ['dark', DARK]] as const) {
    for (const [ink, paper] of pairs) {
      const ratio = contrast(palette[ink], palette[paper])
      t.ok(ratio >= 4.5, `${name} ${ink} on ${paper}: ${ratio.toFixed(1)}`)
    }
  }
})

t.test('whatever a stranger calls themselves, the mail shows no link, no markup and no code of theirs', async (t) => {
  const shown = (name: string): string => /Hello ?(.*),/.exec(greet(name).text)?.[1] ?? 'no greeting'
  t.equal(shown('Olena'), 'Olena')
  t.equal(shown("Renée O'Neil-Świątek"), "Renée O'Neil-Świątek")
  t.equal(shown('J.R.R. Tolkien'), 'J.R.R. Tolkien')
  t.equal(shown('Olena <b onclick="x()">bold</b>'), 'Olena bold')
  t.equal(shown('Olena http://evil.example/x'), 'Olena')
  t.equal(shown('Olena www.evil'), 'Olena')
  t.equal(shown('Olena evil.com/now me@evil.org'), 'Olena')
  t.equal(shown('Olena ｅｖｉｌ．ｃｏｍ'), 'Olena', 'full-width letters')
  t.equal(shown('Olena зло.укр'), 'Olena')
  for (const name of ['evil*.com', 'evil\u200b.com', 'evil.1234com', 'ev<i>il</i>*.com', 'evil.c*om']) {
    t.notMatch(shown(`Olena ${name}`), /[\p{L}\p{N}]\.\p{L}{2}/u, name)
  }
  t.equal(shown('Olena\r\nBcc: x\u202e\u200b\u0007'), 'Olena Bcc x')
  t.equal(shown('Your code is 999999 Olena'), 'Your code is Olena')
  t.equal(shown('http://evil.example'), '', 'nothing is left: no name')
  t.equal(shown('12345678 !!! ---'), '')
  t.equal(shown('Ї'.repeat(100)), 'Ї'.repeat(60))
  const { html, subject } = greet('<script>alert(1)</script>"\'&')
  t.notMatch(html, /<script|alert\(1\)<\/script/)
  t.notMatch(subject, /script/)
  t.match(greet('Tom & Jerry').html, 'Tom &amp; Jerry')
})

t.test('a strange device or address is shown as unknown, never as it came', async (t) => {
  const { text, html } = renderMail(
    { kind: 'newDevice', name: 'O', at, client: { device: 'http://evil.example/<i>', ip: 'evil.example' } },
    { locale: 'en', publicUrl: 'https://id.example.org' }
  )
  t.notMatch(text + html, /evil|<i>/)
  t.match(text, /Device: unknown\n {2}IP address: unknown/)
})

t.test('a sign-up code carries no name at all: nobody has proven the address yet', async (t) => {
  const stranger = { kind: 'signUpCode', client: facts.client, at, ...code, name: 'Mallory' } as const
  const { subject, text, html } = renderMail(stranger, { locale: 'en', publicUrl: 'https://id.example.org' })
  t.notMatch(subject + text + html, /Mallory/)
})

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((one) => /^\p{L}+$/u.test(one))

function contrast (one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** WCAG 2.2, relative luminance. */
function luminance (colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/[\da-f]/gi, '$&$&') : colour
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((start) => parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

t.test('the brand is in every mail, with its colours and the links that the operator names', async (t) => {
  const links = { support: 'mailto:help@example.org', terms: null, privacy: 'https://example.org/privacy?a=1&b=2' }
  const look = mailLook({ name: 'Kobzar & Söhne', color: '#123456', logo: null, links })
  for (const locale of SHIPPED_LOCALES) {
    for (const kind of kinds) {
      const { subject, text, html } = renderMail(messages[kind], { locale, publicUrl: 'https://id.example.org', look })
      const label = `${locale} ${kind}`
      t.notMatch(subject + text + html, /Dvokrok|Двокрок/, label)
      t.match(subject, 'Kobzar & Söhne', label)
      t.match(text, /\n-- \nKobzar & Söhne\n/, label)
      t.match(html, 'Kobzar &amp; Söhne', label)
      t.match(html, 'href="https://example.org/privacy?a=1&amp;b=2"', label)
      t.match(html, 'href="mailto:help@example.org"', label)
      t.match(text, /: help@example\.org\n.*: https:\/\/example\.org\/privacy\?a=1&b=2\n/, label)
      t.notMatch(html, /#\d{6}|5b3df5/, `${label}: the colour is another one, and none looks like a code`)
    }
  }
})
