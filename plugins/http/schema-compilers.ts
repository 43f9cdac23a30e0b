import AjvCompiler from '@fastify/ajv-compiler'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { parseMailAddress } from '../../src/platform/mail-address.ts'

type Validator = ReturnType<NonNullable<FastifyInstance['validatorCompiler']>>

interface Ajv { addFormat: (name: string, format: (text: string) => boolean) => unknown }

const isMailAddress = (text: string): boolean => parseMailAddress(text) !== null

/** The first answers do not wait for what they do not need. */
const SETTLE_MS = 500

/**
 * Fastify's own compilers, but each schema is compiled at its first use, or in the quiet after the start, one in each turn of the
 * event loop. One that is wrong ends the server then.
 */
export default fp(async (fastify) => {
  const customOptions = { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } as const
  const validators = AjvCompiler()({}, { customOptions, onCreate: (ajv: Ajv) => { ajv.addFormat('email', isMailAddress) } })
  const serializers = SerializerSelector()()
  const waiting: Array<() => unknown> = []
  const compileNext = (): void => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(compileNext)
  }
  const later = <T>({ method, url }: { method: string, url: string }, compile: () => T): () => T => {
    let compiled: T | undefined
    const get = (): T => {
      try {
        compiled ??= compile()
        return compiled
      } catch (cause) {
        throw new Error(`a schema of ${method} ${url} is wrong`, { cause })
      }
    }
    waiting.push(get)
    return get
  }

  fastify.setValidatorCompiler<unknown>((part) => {
    const validator = later(part, () => validators({ ...part }))
    const validate: Validator = (data) => {
      // Nothing of ours is checked asynchronously: a promise would be no.
      const isValid = validator()(data) === true
      validate.errors = validator().errors ?? null
      return isValid
    }
    return validate
  })
  fastify.setSerializerCompiler<unknown>((part) => {
    const serializer = later(part, () => serializers({ ...part, httpStatus: part.httpStatus ?? '' }))
    return (document) => serializer()(document)
  })

  let timer: NodeJS.Timeout
  fastify.addHook('onReady', async () => { timer = setTimeout(compileNext, SETTLE_MS) })
  fastify.addHook('onClose', async () => { clearTimeout(timer) })
}, { name: 'schema-compilers' })
