import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import t from 'tap'
import schemaCompilers from '../../plugins/http/schema-compilers.ts'
import { startProgram } from '../support/program.ts'

const schema = {
  body: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  response: { 200: { type: 'object', properties: { name: { type: 'string' } } } }
}

t.test('a schema checks and shapes from its first use on, twenty at once too', async (t) => {
  const server = Fastify()
  t.teardown(async () => { await server.close() })
  await server.register(schemaCompilers)
  server.post('/', { schema }, async () => ({ name: 'x', secret: 'y' }))
  const post = async (payload: object) => await server.inject({ method: 'POST', url: '/', payload })
  const answers = await Promise.all(Array.from({ length: 20 }, async (_, n) => await post(n % 2 ? { name: 'x' } : { name: 1 })))
  t.strictSame(answers.map(({ statusCode }) => statusCode), Array.from({ length: 20 }, (_, n) => n % 2 ? 200 : 400))
  t.equal(answers[1]?.body, '{"name":"x"}')
  t.match(answers[0]?.json(), { code: 'FST_ERR_VALIDATION', message: 'body/name must be string' })
  t.match((await post({})).json(), { message: 'body must have required property \'name\'' })
})

t.test('a wrong one is refused when it is used', async (t) => {
  const server = Fastify()
  t.teardown(async () => { await server.close() })
  await server.register(schemaCompilers)
  server.post('/', { schema: { body: { type: 'nonsense' } } }, async () => 'ok')
  const { statusCode, body } = await server.inject({ method: 'POST', url: '/', payload: {} })
  t.equal(statusCode, 500)
  t.match(body, 'a schema of POST / is wrong')
})

t.test('and ends a server that nobody has asked yet', async (t) => {
  const child = startProgram(['--import', 'tsx', '--input-type=module', '-e', `
    import Fastify from 'fastify'
    import schemaCompilers from '${fileURLToPath(new URL('../../plugins/http/schema-compilers.ts', import.meta.url))}'
    const server = Fastify()
    await server.register(schemaCompilers)
    server.get('/', { schema: { response: { 200: { type: 'nonsense' } } } }, async () => 'ok')
    await server.listen({ port: 0, host: '127.0.0.1' })
  `], {})
  child.stdout.resume()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said += chunk })
  await once(child, 'close')
  t.equal(child.exitCode, 1)
  t.match(said, 'a schema of GET / is wrong')
})
