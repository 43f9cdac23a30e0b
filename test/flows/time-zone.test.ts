import t from 'tap'
import { knownTimeZone } from '../../src/platform/time-zone.ts'
import { logIn, person, signUp, startApp } from '../support/app.ts'

const server = await startApp(t)

/** As mails show it. Whole years have no winter everywhere, so only what stands behind the time counts. */
const zoneIn = (text: string): string => /Time: .* at [0-9:]+ (.*)/.exec(text)?.[1] ?? 'no time'
const nameOf = (timeZone: string): string => new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' })
  .formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? ''

t.test('mails tell times in the zone of the reader, as the last sign-in said it, and not in that of who caused them', async (t) => {
  const who = person()
  const browser = server.browser()
  t.equal((await browser.post('/auth/register', { ...who, timeZone: 'Asia/Tokyo' })).status, 201)
  const signUpMail = await server.smtp.next(who.email)
  t.equal(zoneIn(signUpMail.text), nameOf('Asia/Tokyo'), 'nobody has an account yet')
  const otp = /\d{6}/.exec(signUpMail.subject)?.[0] ?? ''
  const { body } = await browser.post('/auth/verify-otp', { otp, timeZone: 'America/New_York' })
  const token = String(body['accessToken'])

  const stranger = server.browser()
  const login = { email: who.email, password: who.password }
  t.equal((await stranger.post('/auth/login', { ...login, timeZone: 'Pacific/Auckland' })).status, 200)
  const codeMail = await server.smtp.next(who.email, ({ subject }) => subject.includes('sign-in code'))
  t.equal(zoneIn(codeMail.text), nameOf('America/New_York'), 'a password alone says nothing of the owner')
  await stranger.post('/auth/verify-otp', { otp: /\d{6}/.exec(codeMail.subject)?.[0] })
  const notice = await server.smtp.next(who.email, ({ subject }) => subject.includes('new device'))
  t.equal(zoneIn(notice.text), nameOf('America/New_York'))

  t.match(await browser.get('/users/me/export', { token }), { status: 200, body: { timeZone: 'America/New_York' } })
  t.equal((await browser.post('/auth/password/forgot', { email: who.email })).status, 202)
  const reset = await server.smtp.next(who.email, ({ subject }) => subject.includes('reset'))
  t.equal(zoneIn(reset.text), nameOf('America/New_York'))
})

t.test('without a zone, or with one that nobody knows, people sign in all the same and read UTC', async (t) => {
  const { who, browser } = await signUp(server)
  t.equal((await browser.post('/auth/login', { email: who.email, password: who.password, timeZone: 'Mars/Olympus' })).status, 200)
  const mail = await server.smtp.next(who.email, ({ subject }) => subject.includes('sign-in code'))
  t.equal(zoneIn(mail.text), 'UTC')
  await logIn(server, who, server.browser())
  const long = { email: who.email, password: who.password, timeZone: 'x'.repeat(65) }
  t.match(await browser.post('/auth/login', long), { status: 400, body: { code: 'VALIDATION_FAILED' } })
  const given = ['Europe/Kyiv', 'Etc/GMT+3', 'UTC', '', '+03:00', 'a'.repeat(65), '../etc', 7, null]
  t.strictSame(given.filter((one) => knownTimeZone(one) !== undefined), ['Europe/Kyiv', 'Etc/GMT+3', 'UTC'])
})
