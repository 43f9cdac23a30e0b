import t from 'tap'
import { signUp, startApp } from '../support/app.ts'

const env = {
  BRAND_NAME: 'Kobzar: the "Bee", Ltd',
  BRAND_COLOR: '#0b6e4f',
  SUPPORT_URL: 'https://example.org/help',
  MAIL_FROM: 'id@example.org'
}

t.test('the brand is in mails, as their sender, and in the authenticator app', async (t) => {
  const server = await startApp(t, { env })
  const { who, browser, token } = await signUp(server)
  const mail = server.smtp.mails.find(({ to }) => to === who.email)
  t.match(mail?.raw, /^From: "Kobzar: the Bee, Ltd" <id@example\.org>$/m)
  t.match(mail?.raw, /https:\/\/example\.org\/help/)
  const { body } = await browser.post('/users/me/totp', undefined, { token })
  const otpauth = new URL(String(body['otpauth']))
  t.equal(otpauth.searchParams.get('issuer'), 'Kobzar  the "Bee", Ltd (localhost)')
})
