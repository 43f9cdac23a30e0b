import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import ts from 'typescript'
// Between them they import every store, and so declare every script.
import '../../../src/records.ts'
import '../../../src/records/transfers/transfers-store.ts'
import {
  type AnyScript, declaredScripts, defineScript, flag, integer, list, listOf, optional, text
} from '../../../src/platform/redis/script.ts'
import { readLua, sourceOf } from '../../../src/platform/redis/script-source.ts'
import { createScripts } from '../../../src/platform/redis/script.ts'
import { startRedis } from '../../support/redis.ts'
import { shaped } from '../../support/shapes.ts'

const SOURCE = new URL('../../../src/', import.meta.url)
const WRITES = /redis\.call\('(SET|DEL|INCR|DECR|HSET|HDEL|HINCRBY|S(ADD|REM)|Z(ADD|REM\w*)|X(ADD|TRIM)|[LR]P(OP|USH)|P?EXPIRE\w*)'/

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).map((path) => new URL(path, SOURCE))
const nameOf = ({ pathname }: URL): string => pathname.slice(pathname.lastIndexOf('/') + 1)
const scriptFiles = files.filter((url) => nameOf(url).endsWith('.lua') && !nameOf(url).startsWith('_'))
/** Where a script lies, seen from src: the build has a copy. */
const pathOf = ({ href }: URL): string => href.slice(href.lastIndexOf('/src/'))
const scripts = declaredScripts()

/** What the comment on top of a `.lua` says. */
function readHeader (script: AnyScript): { about: string, keys: string, args: string, answers: string[] } {
  const lines = readFileSync(script.url, 'utf8').split('\n').slice(1)
  const comments = lines.slice(0, lines.findIndex((line) => !/^-- (?!include )/.test(line))).map((line) => line.slice('-- '.length))
  const [, about = '', keys = '', args = '', answers = ''] =
    /^(.+?)\nKEYS: (.+?)\nARGV: (.+?)\nReturns: (.+)$/s.exec(comments.join('\n'))?.map((part) => part.replaceAll(/\s+/g, ' ')) ?? []
  // A remark follows an answer after a dash.
  return { about, keys, args, answers: answers.split(' | ').map((answer) => answer.replace(/ - .*$/, '')) }
}

const listed = (names: string[]): string => names.length === 0 ? 'none' : names.join(', ')

t.test('every script has one declaration, and every declaration a script', async (t) => {
  t.strictSame(scripts.map(({ url }) => pathOf(url)).sort(), scriptFiles.map(pathOf).sort())
  t.equal(new Set(scripts.map(({ name }) => name)).size, scripts.length, 'no two have the same name')
})

t.test('the header of a script says what its declaration says', async (t) => {
  for (const script of scripts) {
    const { keys, restKeys, args = {}, rest = {}, answers } = script.declaration
    const header = readHeader(script)
    t.match(header.about, /^[A-Z].*\.$/, `${script.name} begins with a sentence`)
    t.equal(header.keys, listed([...keys, ...(restKeys === undefined ? [] : [`...${restKeys}`])]), `keys of ${script.name}`)
    t.equal(header.args, listed([...Object.keys(args), ...Object.keys(rest).map((name) => `...${name}`)]), `arguments of ${script.name}`)
    const declared = Object.entries(answers).map(([word, shape]) => {
      const names = Object.keys(shape)
      return names.length === 0 ? word : `${word}(${names.join(', ')})`
    })
    t.strictSame(header.answers.sort(), declared.sort(), `answers of ${script.name}`)
  }
})

t.test('a script uses every name that it declares, and no other', async (t) => {
  for (const script of scripts) {
    const { keys, restKeys = [], args = {}, rest = {} } = script.declaration
    const whole = readLua(script.url)
    const used = (table: string): string[] => {
      const found = whole.matchAll(new RegExp(`\\b${table}\\.(\\w+)`, 'g'))
      return [...new Set([...found].map(([, name = '']) => name))].sort()
    }
    t.strictSame(used('KEY'), [...keys.map((key) => key.replace('?', '')), ...[restKeys].flat()].sort(), `keys of ${script.name}`)
    t.strictSame(used('ARG'), [...Object.keys(args), ...Object.keys(rest)].sort(), `arguments of ${script.name}`)
    t.notMatch(whole, /\b(KEYS|ARGV)\[/, `${script.name} counts no positions`)
  }
})

t.test('a script that is declared to write nothing writes nothing, and all others write', async (t) => {
  for (const script of scripts) {
    const own = readFileSync(script.url, 'utf8')
    const parts = [...own.matchAll(/^-- include (\S+)$/gm)].map(([, path = '']) => readLua(new URL(path, script.url))).join('\n')
    const calls = [...parts.matchAll(/^local function (\w+)\(.*?^end$/gms)]
      .filter(([body, name]) => WRITES.test(body) && own.includes(`${name}(`))
    t.equal(sourceOf(script).isReadOnly, !WRITES.test(own) && calls.length === 0, script.name)
  }
})

t.test('a script that changes an account or a session says which events it tells, and tells these', async (t) => {
  const TOUCHED = /^(account|session|sessions|record)\??$/
  for (const script of scripts.filter((one) => !sourceOf(one).isReadOnly)) {
    const { keys, tells } = script.declaration
    if (keys.some((key) => TOUCHED.test(key))) t.not(tells, undefined, `${script.name}: tells`)
    const bodies = [...readLua(script.url).matchAll(/^local function (\w+)\(.*?^end$/gms)]
    const main = bodies.reduce((text, [body]) => text.replace(body, ''), readLua(script.url))
    // What its own lines tell, and the functions that they call.
    const reached = bodies.filter(([, name]) => name !== 'tell' && name !== 'tell_changed').reduce<string[]>(
      (texts, [body, name]) => texts.some((text) => text.includes(`${name}(`)) ? [...texts, body] : texts, [main]).join('\n')
    const told = [...reached.matchAll(/\btell\(.*?'(\w+\.\w+)'(?: or '(\w+\.\w+)')?/g)].flatMap(([, one, other]) => [one, other])
    if (reached.includes('tell_changed(')) told.push('account.updated')
    const found = [...new Set(told.filter((type) => type !== undefined))].sort()
    t.strictSame(found, typeof tells === 'object' ? [...tells].sort() : [], `${script.name} tells what it declares`)
  }
})

t.test('a call with a missing, an extra or a swapped key or argument does not compile', async (t) => {
  const isOk = "answer.outcome === 'ok'"
  const keys = "{ session: '', account: '', sessions: '' }"
  const args = "{ generation: 1, graceMs: 1, idleMs: 1, absoluteMs: 1, sid: '', actor: { ip: '', device: '' }, epochMs: 0 }"
  const calls: Record<string, string> = {
    right: `run(refreshSession, ${keys}, ${args})`,
    'a missing key': `run(refreshSession, ${keys.replace(", sessions: ''", '')}, ${args})`,
    'an extra key': `run(refreshSession, ${keys.replace('}', ", devices: '' }")}, ${args})`,
    'a missing argument': `run(refreshSession, ${keys}, ${args.replace(', epochMs: 0', '')})`,
    'an extra argument': `run(refreshSession, ${keys}, ${args.replace('epochMs: 0', 'epochMs: 0, amr: 1')})`,
    'swapped types': `run(refreshSession, ${keys}, ${args.replace('generation: 1', "generation: ''").replace("sid: ''", 'sid: 1')})`,
    'an argument where there are none': "run(addPressure, { pressure: '' }, { count: 1 })",
    'a field of another answer': `run(refreshSession, ${keys}, ${args}).then((answer) => answer.generation)`,
    'a field after the word was asked for': `run(refreshSession, ${keys}, ${args}).then((answer) => ${isOk} ? answer.generation : 0)`,
    'a word that is no answer': `run(refreshSession, ${keys}, ${args}).then((answer) => answer.outcome === 'gone')`
  }
  const head = `import { refreshSession } from '${fileURLToPath(new URL('records/sessions/session-scripts.ts', SOURCE))}'
import { defineScript } from '${fileURLToPath(new URL('platform/redis/script.ts', SOURCE))}'
import type { RunScript } from '${fileURLToPath(new URL('platform/redis/script.ts', SOURCE))}'
declare const run: RunScript
const addPressure = defineScript(new URL('file:///pressure-add.lua'), { keys: ['pressure'], answers: { ok: {} } })
`
  const folder = t.testdir(Object.fromEntries(Object.values(calls)
    .map((call, i) => [`call-${i}.ts`, `${head}export const made = [addPressure, ${call}]\n`])))
  const config = shaped<object>(ts.readConfigFile(fileURLToPath(new URL('../tsconfig.json', SOURCE)), ts.sys.readFile).config)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, fileURLToPath(new URL('..', SOURCE)))
  const names = Object.keys(calls).map((_, i) => `${folder}/call-${i}.ts`)
  const program = ts.createProgram(names, { ...options, noEmit: true, rewriteRelativeImportExtensions: false, rootDir: '/' })
  for (const [i, about] of Object.keys(calls).entries()) {
    const file = program.getSourceFile(names[i] ?? '')
    const errors = file ? [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)] : []
    const isRight = about === 'right' || about === 'a field after the word was asked for'
    const messages = errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
    t.equal(errors.length === 0, isRight, `${about}: ${messages.join(' ')}`)
  }
})

t.test('an answer that is not declared is refused, and never repeated', async (t) => {
  const [refresh] = scripts.filter(({ name }) => name === 'session-refresh')
  for (const reply of [null, 'ok', [], ['unheard'], ['ended', 1], ['ok', 1, 2, 3, 'secret'], ['ok', 'secret', 2, 3, '', '[]'],
    ['ok', 2, 3, 4, 'pwd', '["secret'], ['ok', 2, 3, 4, 'pwd', '{"secret":1}'], ['ok', 2, 3, 4, 'pwd', '[{"secret":1}]']]) {
    t.throws(() => refresh?.decode(reply), Error)
    try { refresh?.decode(reply) } catch (error) { t.notMatch(String(error), /secret/) }
  }
  t.strictSame(refresh?.decode(['ended']), { outcome: 'ended' })
  t.strictSame(refresh?.decode(['ok', 2, 3, '4', 'pwd', '["a",false]']),
    { outcome: 'ok', generation: 2, livesOnMs: 3, authAtMs: 4, amr: 'pwd', user: ['a', null] })
})

t.test('a script has what its declaration says: numbers, flags, nothing where nothing was given, and the rest as lists', async (t) => {
  const folder = t.testdir({
    'echo.lua': `#!lua
local function kind(value) return type(value) .. ' ' .. tostring(value) end
local args = { kind(ARG.count), kind(ARG.isOn), kind(ARG.isOff), kind(ARG.word), kind(ARG.number), kind(ARG.flag), kind(ARG.set) }
return { 'ok', kind(KEY.one), kind(KEY.two), args, ARG.rest }`
  })
  const echo = defineScript(pathToFileURL(`${folder}/echo.lua`), {
    keys: ['one', 'two?'],
    args: {
      count: integer,
      isOn: flag,
      isOff: flag,
      word: optional(text),
      number: optional(integer),
      flag: optional(flag),
      set: optional(flag)
    },
    rest: { rest: list },
    answers: { ok: { one: text, two: text, args: listOf(text), rest: listOf(text) } }
  })
  const { client } = await startRedis(t)
  const run = createScripts(client, async (_key, write) => await write())
  const nothing = { word: undefined, number: undefined, flag: undefined }
  const args = { count: 1_800_000_000_000, isOn: true, isOff: false, ...nothing, set: false, rest: ['a', ''] }
  const answer = {
    outcome: 'ok',
    one: 'string {x}1',
    two: 'nil nil',
    args: ['number 1800000000000', 'boolean true', 'boolean false', 'nil nil', 'nil nil', 'nil nil', 'boolean false'],
    rest: ['a', '']
  }
  t.strictSame(await run(echo, { one: '{x}1' }, args), answer)
  t.strictSame(await run(echo, { one: '{x}1', two: '{x}2' }, args), { ...answer, two: 'string {x}2' }, 'now by its hash')
  const record = { key: '{x}outcomes', id: 'i', outcome: 'o' }
  t.strictSame(await run(echo, { one: '{x}1' }, args, record), answer, 'and with a place for the outcome')
})
