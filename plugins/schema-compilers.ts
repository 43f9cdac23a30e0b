import AjvCompiler from '@fastify/ajv-compiler'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import fp from 'fastify-plugin'

interface Part { method: string, url: string }

/** The first answers do not wait for what they do not need. */
const SETTLE_MS = 500

/**
 * Fastify's own compilers, but each schema is compiled at its first use, or in the quiet after the start, one in each turn of the
 * event loop: all of them at once are an eighth of the start. One that is wrong ends the server then.
 */
export default fp(async (fastify) => {
  const [buildValidators, buildSerializers] = [AjvCompiler(), SerializerSelector()]
  const waiting: Array<() => unknown> = []
  const compileNext = (): void => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(compileNext)
  }
  const later = <T>({ method, url }: Part, compile: () => T): () => T => {
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

  fastify.setSchemaController({
    compilersFactory: {
      buildValidator: (...args: Parameters<typeof buildValidators>) => {
        let compile: ReturnType<typeof buildValidators>
        // It gets a part of a route, whatever its type says.
        return (part: Parameters<typeof compile>[0]) => {
          const validator = later(part as unknown as Part, () => (compile ??= buildValidators(...args))(part))
          const validate = (data: unknown) => {
            const isValid = validator()(data)
            validate.errors = validator().errors
            return isValid
          }
          validate.errors = undefined as ReturnType<typeof compile>['errors']
          return validate as ReturnType<typeof compile>
        }
      },
      buildSerializer: (...args) => {
        let compile: ReturnType<typeof buildSerializers>
        return (part) => {
          const serializer = later(part, () => (compile ??= buildSerializers(...args))(part))
          return (document) => serializer()(document)
        }
      }
    }
  })

  let timer: NodeJS.Timeout
  fastify.addHook('onReady', async () => { timer = setTimeout(compileNext, SETTLE_MS) })
  fastify.addHook('onClose', async () => { clearTimeout(timer) })
}, { name: 'schema-compilers' })
