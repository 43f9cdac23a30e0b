import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import t from 'tap'
import { person, startApp } from '../support/app.ts'
import { shaped } from '../support/shapes.ts'
import { buildPages } from '../support/built-pages.ts'

buildPages()
const folder = t.testdir()
writeFileSync(join(folder, 'uk.json'), JSON.stringify({
  'pages.login.heading': 'Знову ви!',
  'problems.NOT_FOUND.title': 'Немає такого',
  'mails.signUpCode.subject': '{code} для {brand}'
}))
const server = await startApp(t, { env: { LOCALES: 'uk,ru', TEXTS_DIR: folder } })

t.test('refusals, pages and mails say it in the operator’s words, and the rest in ours', async (t) => {
  const browser = server.browser({ locale: 'uk' })
  t.match((await browser.get('/nowhere')).body, { title: 'Немає такого', detail: 'Перевірте адресу.' })

  const page = (await server.fastify.inject({ url: '/login', headers: { accept: 'text/html' } })).body
  const [, texts = ''] = /<link rel="preload" as="fetch"[^>]* href="([^"]+)"/.exec(page) ?? []
  const file = await server.fastify.inject({ url: texts, headers: { 'accept-encoding': 'br' } })
  t.match(file.headers, { 'cache-control': /immutable/, 'content-encoding': 'br', 'content-type': 'application/json; charset=utf-8' })
  const sentences = new Map(shaped<Array<[string, unknown]>>(JSON.parse(brotliDecompressSync(file.rawPayload).toString())))
  t.equal(sentences.get('login.heading'), 'Знову ви!')
  t.equal(sentences.get('login.submit'), 'Продовжити')

  const who = person()
  await browser.post('/auth/register', who)
  t.match((await server.smtp.next(who.email)).subject, /^\d{6} для Dvokrok$/)
})

t.test('what is not offered is refused with what is, and nobody is spoken to in it', async (t) => {
  const english = server.browser({ locale: 'en' })
  const { status, body } = await english.post('/auth/register', { ...person(), locale: 'en' })
  t.equal(status, 400)
  t.match(body, { title: 'Перевірте виділені поля', errors: [{ path: '/locale', message: 'Допустимі значення: uk, ru.' }] })
  const headers = { accept: 'text/html', 'accept-language': 'en', cookie: 'locale=en' }
  const { body: page } = await server.fastify.inject({ url: '/login', headers })
  t.match(page, '<html lang="uk"')
  t.notMatch(page, 'English')
})
