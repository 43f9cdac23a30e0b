import { isUtf8 } from 'node:buffer'
import fp from 'fastify-plugin'
import { invalidField } from '../../src/errors.ts'

/** An escape that may be half of a surrogate pair. */
const SURROGATE = /\\u[dD][89a-fA-F]/

/** JSON only, of well-formed Unicode. An empty body with a JSON content type is fine where a route needs none. */
export default fp(async (fastify) => {
  const parse = fastify.getDefaultJsonParser('error', 'error')
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Decoded all the same, two passwords could become one.
    if (!isUtf8(body)) done(invalidField('', 'json'))
    else if (body.length === 0) done(null, undefined)
    else {
      // eslint-disable-next-line @typescript-eslint/no-floating-promises -- with a callback it returns none
      parse(request, body.toString(), (error, parsed: unknown) => {
        const path = error || !SURROGATE.test(body.toString()) ? null : findIllFormed(parsed)
        done(path === null ? error : invalidField(path), parsed)
      })
    }
  })
}, { name: 'json-body' })

/** Where a string has half of a surrogate pair, as a JSON Pointer. */
function findIllFormed (value: unknown, path = ''): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : path
  if (typeof value !== 'object' || value === null) return null
  for (const [name, part] of Object.entries(value)) {
    const found = name.isWellFormed() ? findIllFormed(part, `${path}/${name}`) : path
    if (found !== null) return found
  }
  return null
}
