import { statSync } from 'node:fs'
import t from 'tap'
import { isCommonPassword } from '../../../src/platform/passwords/common.ts'
import { createPasswordPolicy, type PasswordRefusal } from '../../../src/platform/passwords/policy.ts'
import { createPasswordPool } from '../../../src/platform/passwords/pool.ts'
import { estimateScore } from '../../../src/platform/passwords/strength.ts'
import { FAVOURITE_WORDS } from '../../../src/platform/passwords/words.ts'

const pool = createPasswordPool({ size: 1, cost: 4, queueLimit: 10 })
t.teardown(() => pool.close())
const { assessPassword } = createPasswordPolicy({ pool })

const OLENA = ['olena.kovalenko@example.org', 'Олена Коваленко']

const check = (password: string, minLength = 8): Promise<PasswordRefusal | null> =>
  assessPassword(password, { minLength, ownWords: OLENA })

const refusals = async (passwords: string[]): Promise<Record<string, string>> => {
  const entries = await Promise.all(passwords.map(async one => [one, (await check(one))?.reason ?? 'accepted'] as const))
  return Object.fromEntries(entries)
}

const allAre = (passwords: string[], reason: string): Record<string, string> =>
  Object.fromEntries(passwords.map(one => [one, reason]))

t.test('good passwords are accepted in any language, without rules of composition', async t => {
  const passwords = [
    'wooden-lantern-4f2a91-tide', 'correct horse battery staple', 'orbit velvet cactus plumber', 'kV7#mQ2x', 'tR4&vbn8Lq', 'Ksc$+733',
    'Ще не вмерла довга фраза 7', 'зелений чайник стрибає вночі', 'желтый трактор спит под мостом',
    'щогудкивпяьолдхжзсцютбнмґєїашфірйнеуоэёъ', String.fromCodePoint(...Array.from({ length: 64 }, (_, place) => 0x1F600 + place * 7 % 64))
  ]
  for (const password of passwords) t.equal(await check(password), null, password)
})

t.test('a passphrase may hold a name, but not be one', async t => {
  t.equal(await check('olena likes green tea at noon'), null)
  t.equal(await check('dvokrok is my gate to the moon'), null)
  t.equal(await check('kovalenko-7hd93kfh'), null)
})

t.test('own words are refused in every spelling, with digits around them', async t => {
  const passwords = [
    'olena.kovalenko', 'OlenaKovalenko1985', '0lena.K0valenk0', 'коваленко1985', 'коваленкоолена', 'rjdfktyrj1985', 'Kovalenko24081991',
    'dvokrok1', 'Двокрок2026!', 'example2024', 'olena.kovalenko@example.org'
  ]
  t.same(await refusals(passwords), allAre(passwords, 'passwordPersonal'))
  for (const spelling of ['зореслава', 'Zoreslava85', 'pjhtckfdf', '85_ZORESLAVA']) {
    t.same(
      await assessPassword(spelling, { minLength: 8, ownWords: ['z@example.org', 'Зореслава'] }),
      { reason: 'passwordPersonal' },
      spelling
    )
  }
  const byNumber = await assessPassword('80501234567', { minLength: 8, ownWords: ['0501234567@example.org'] })
  t.same(byNumber, { reason: 'passwordPersonal' })
})

t.test('the own address is no password, however many digits stand in it or around it', async t => {
  const ownWords = ['olena123456789@mail2024.example.org', 'Олена 0501234567']
  const refused = [
    'olena123456789@mail2024.example.org', 'Olena123456789', 'olena123456789!!', '2026olena123456789', 'mail2024.example.org',
    'Олена0501234567', 'x0501234567y', 'olena123456789olena123456789'
  ]
  for (const password of refused) {
    t.same(await assessPassword(password, { minLength: 8, ownWords }), { reason: 'passwordPersonal' }, password)
  }
  t.equal(await assessPassword('olena123456789 and a blue horse', { minLength: 8, ownWords }), null)
  t.equal(await assessPassword('73625-olena-9046182537', { minLength: 8, ownWords }), null)
})

t.test('the words of the place are no password: its name and whatever the operator adds', async t => {
  const ownWords = OLENA
  const policy = createPasswordPolicy({ pool, contextWords: ['id.kobzarnet.example', 'Бджільник'] })
  for (const password of ['Kobzarnet2026', 'k0bzarnet!!', 'бджільник24', 'bdzhilnyk24', ',l;skmybr24', 'id.kobzarnet.example']) {
    t.same(await policy.assessPassword(password, { minLength: 8, ownWords }), { reason: 'passwordPersonal' }, password)
  }
  t.equal(await policy.assessPassword('kobzarnet likes blue horses', { minLength: 8, ownWords }), null)
  t.equal(await assessPassword('Kobzarnet2026', { minLength: 8, ownWords }), null, 'elsewhere they are words like others')
})

t.test('what is personal to one is not to another', async t => {
  t.equal(await assessPassword('kovalenko-zoreslava', { minLength: 8, ownWords: ['ivan@example.org'] }), null)
})

t.test('the commonest passwords are refused in any case of letters and on any layout', async t => {
  const passwords = ['password', '12345678', 'qwertyuiop', 'qwerty123', 'aaaaaaaa', 'TrustNo1', 'йцукенгшщз', '1q2w3e4r5t', 'ьшсрудду']
  t.same(await refusals(passwords), allAre(passwords, 'passwordCommon'))
})

t.test('Ukrainian and Russian favourites are refused, with years, doubled, in Latin letters or on the wrong layout', async t => {
  const passwords = [
    'пароль123',
    'Пароль2024!',
    'пар0ль2024',
    'парольпароль',
    'привітпривітпривіт',
    'слава україні',
    'СлаваУкраїні!',
    'любовь1985',
    'наташа1990',
    'Київ2024!',
    'ghbdtn123',
    'Gfhjkm2024!',
    'k.,jdm1985',
    'ukraina2024',
    'Slava_Ukraini',
    'йцукен12345',
    'шевченко2024',
    'DynamoKyiv1'
  ]
  t.same(await refusals(passwords), allAre(passwords, 'passwordCommon'))
})

t.test('what a guesser reaches in a million tries is refused', async t => {
  const passwords = ['Summer2024', '24.08.1991', 'ясенясень', 'abababababab']
  t.same(await refusals(passwords), allAre(passwords, 'passwordGuessable'))
})

t.test('length is counted in characters after NFC, from the asked minimum to 256', async t => {
  t.same(await check('kV7#mQ2'), { reason: 'passwordTooShort', minLength: 8 })
  t.same(await check('kV7#mQ2xkV7#mQ', 15), { reason: 'passwordTooShort', minLength: 15 })
  t.same(await check('й'.normalize('NFD').repeat(4)), { reason: 'passwordTooShort', minLength: 8 }, 'eight code points, four letters')
  t.same(await check('🙂🦊🚜🌵'), { reason: 'passwordTooShort', minLength: 8 }, 'eight UTF-16 units, four characters')
  const long = Array.from({ length: 256 }, (_, place) => String.fromCodePoint(0x430 + place * 17 % 32)).join('')
  t.equal(await check(long), null)
  t.equal(await check(long.slice(0, 240) + 'й'.normalize('NFD').repeat(16)), null)
  t.same(await check(`${long}x`), { reason: 'passwordTooLong' })
})

t.test('the offline filter holds more than 100,000 passwords of eight characters and more', async t => {
  t.ok(statSync(new URL('../../../src/platform/passwords/common-passwords.bin', import.meta.url)).size / 5 > 100_000)
  for (const password of ['password', 'michelle', 'superman', 'iloveyou1', 'PASSWORD1']) t.ok(await isCommonPassword(password), password)
  for (const password of ['kV7#mQ2x', 'wooden-lantern']) t.notOk(await isCommonPassword(password), password)
})

t.test('our own list holds hundreds of different words in lower case', async t => {
  t.ok(FAVOURITE_WORDS.length > 500)
  t.same(FAVOURITE_WORDS.filter(word => word !== word.normalize('NFC').toLowerCase()), [])
})

t.test('the estimate knows our words inside longer passwords, other layouts and the words it is given', async t => {
  t.ok(await estimateScore('привіт12345678', []) < 2)
  t.ok(await estimateScore('ghbdtn12345678', []) < 2)
  t.ok(await estimateScore('сщккусерщкыу', []) < await estimateScore('жлшцхгґєзяпю', []), 'correcthorse on the wrong layout')
  t.ok(await estimateScore('zvenyslava77', ['zvenyslava']) < await estimateScore('zvenyslava77', []))
})

t.test('a long input with thousands of readings is judged by its beginning', async t => {
  t.equal(await estimateScore('a'.repeat(100) + 'kV7#mQ2x wooden lantern', []), await estimateScore('a'.repeat(100), []))
})
