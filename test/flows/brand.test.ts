import t from 'tap'
import { shaped } from '../support/shapes.ts'
import { logIn, signUp, startApp } from '../support/app.ts'

const env = { BRAND_NAME: 'Kobzar: the "Bee", Ltd', BRAND_COLOR: '#0b6e4f', SUPPORT_URL: 'https://example.org/help', MAIL_FROM: 'id@example.org' }

t.test('the brand is in mails, as their sender, and in the authenticator app', async (t) => {
  const server = await startApp(t, { env })
  const { who, browser } = await signUp(server)
  const mail = server.smtp.mails.find(({ to }) => to === who.email)
  t.match(mail?.raw, /^From: "Kobzar: the Bee, Ltd" <id@example\.org>$/m)
  t.match(mail?.raw, /https:\/\/example\.org\/help/)
  await logIn(server, who, browser)
  const { body } = await browser.post('/users/me/totp', {})
  const otpauth = new URL(String(shaped<{ otpauth: string }>(body).otpauth))
  t.equal(otpauth.searchParams.get('issuer'), 'Kobzar  the "Bee", Ltd (localhost)')
})
