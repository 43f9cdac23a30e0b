import AjvCompiler from '@fastify/ajv-compiler'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { offeredLocales } from '../../src/platform/locales/index.ts'
import { parseMailAddress } from '../../src/platform/mail-address.ts'

type Validator = ReturnType<NonNullable<FastifyInstance['validatorCompiler']>>

interface Ajv { addFormat: (name: string, format: (text: string) => boolean) => unknown }

const isOffered = (text: string): boolean => offeredLocales().includes(text)
const isMailAddress = (text: string): boolean => parseMailAddress(text) !== null

/** The first answers do not wait for what they do not need. */
const SETTLE_MS = 500

function addFormats (ajv: Ajv): void {
  ajv.addFormat('email', isMailAddress)
  ajv.addFormat('locale', isOffered)
}

const customOptions = { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } as const
const compileValidator = AjvCompiler()({}, { customOptions, onCreate: addFormats })
const compileSerializer = SerializerSelector()()

/** By the schema's text: refusals look alike on every route, and several servers in one process have the same routes. */
const validators = new Map<string, ReturnType<typeof compileValidator>>()
const serializers = new Map<string, ReturnType<typeof compileSerializer>>()

/**
 * Fastify's own compilers, but each schema is compiled once, at its first use, or in the quiet after the start, one in each turn of the
 * event loop. One that is wrong ends the server then.
 */
export default fp(async (fastify) => {
  const waiting: Array<() => unknown> = []
  const compileNext = (): void => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(compileNext)
  }
  /** Compiles when asked for the first time. */
  function later<T> (known: Map<string, T>, { method, url, schema }: { method: string, url: string, schema: unknown }, compile: () => T) {
    const text = JSON.stringify(schema)
    let compiled: T | undefined
    const get = (): T => {
      try {
        if (compiled === undefined) {
          compiled = known.get(text) ?? compile()
          known.set(text, compiled)
        }
        return compiled
      } catch (cause) {
        throw new Error(`a schema of ${method} ${url} is wrong`, { cause })
      }
    }
    waiting.push(get)
    return get
  }

  fastify.setValidatorCompiler<unknown>((part) => {
    const validator = later(validators, part, () => compileValidator({ ...part }))
    const validate: Validator = (data) => {
      // Nothing of ours is checked asynchronously: a promise would be no.
      const isValid = validator()(data) === true
      validate.errors = validator().errors ?? null
      return isValid
    }
    return validate
  })
  fastify.setSerializerCompiler<unknown>((part) => {
    const serializer = later(serializers, part, () => compileSerializer({ ...part, httpStatus: part.httpStatus ?? '' }))
    return (document) => serializer()(document)
  })

  let timer: NodeJS.Timeout
  fastify.addHook('onReady', async () => { timer = setTimeout(compileNext, SETTLE_MS) })
  fastify.addHook('onClose', async () => { clearTimeout(timer) })
}, { name: 'schema-compilers' })
