import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import fp from 'fastify-plugin'
import { Problem, type ProblemCode, type ProblemFacts } from '../src/errors.ts'
import { sentences, type Sentences } from '../src/platform/locales/index.ts'
import { PROBLEM_TYPE, problemDocument } from '../src/platform/http/problem-document.ts'
import { isRedisAway } from '../src/platform/redis/errors.ts'
import { ProblemSchema } from '../src/schemas.ts'

const MOST_ERRORS = 10
const SAME_REASON_MS = 1_000
const BY_FASTIFY_CODE: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED'
}

declare module 'fastify' {
  interface FastifyInstance {
    /** A VALIDATION_FAILED about one field, for what a schema cannot tell. */
    invalidField: (request: FastifyRequest, path: string, message?: string) => Problem
  }
}

/** Every refusal leaves as problem+json (RFC 9457) in the reader's language; nothing of an unexpected error leaves at all. */
export default fp(async (fastify) => {
  fastify.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error, sentences(fastify.localeOf(request)).validation)
    if (problem.code === 'INTERNAL') request.log.error({ event: 'internal', err: error }, 'unexpected error')
    else if (problem.code === 'SERVICE_UNAVAILABLE') tellUnavailable(request, error)
    return send(request, reply, problem)
  })
  fastify.setNotFoundHandler((request, reply) => fastify.showPage && fastify.wantsPage(request)
    ? fastify.showPage(request, reply.code(404))
    : send(request, reply, new Problem('NOT_FOUND')))

  fastify.decorate('invalidField', (request, path, message = sentences(fastify.localeOf(request)).validation.pattern) =>
    new Problem('VALIDATION_FAILED', { errors: [{ path, message }] }))

  fastify.addHook('onRoute', (route) => {
    if (route.schema?.hide === true || !route.schema) return
    const response = { content: { 'application/problem+json': { schema: ProblemSchema } } }
    route.schema.response = { '4xx': { description: 'Refused', ...response }, '5xx': { description: 'Not possible now', ...response }, ...route.schema.response as object }
  })

  let told = { reason: '', atMs: 0 }
  function tellUnavailable (request: FastifyRequest, { message: reason }: Error): void {
    const atMs = performance.now()
    // The requests themselves have a line each: a flood of them needs no second one.
    if (reason === told.reason && atMs - told.atMs < SAME_REASON_MS) return
    told = { reason, atMs }
    request.log.warn({ event: 'unavailable', reason }, 'answered 503')
  }

  function send (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    const { code, statusCode, facts } = problem
    fastify.metrics.refused(code)
    const { allow } = facts
    if (facts.retryAfterSeconds !== undefined) reply.header('retry-after', facts.retryAfterSeconds)
    if (allow !== undefined) reply.header('allow', allow)
    if (statusCode === 401) reply.header('www-authenticate', code.startsWith('TOKEN_') && code !== 'TOKEN_MISSING' ? 'Bearer realm="dvokrok", error="invalid_token"' : 'Bearer realm="dvokrok"')
    return reply.code(statusCode).type(PROBLEM_TYPE).send(problemDocument(problem, fastify.localeOf(request), request.id))
  }
}, { name: 'problems', dependencies: ['locale', 'pages', 'metrics'] })

function toProblem (error: FastifyError | Problem, say: Sentences['validation']): Problem {
  if (error instanceof Problem) return error
  if (isRedisAway(error)) return new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
  if (error.validation) return new Problem('VALIDATION_FAILED', invalid(error.validation, say))
  const code = BY_FASTIFY_CODE[error.code]
  if (code) return new Problem(code)
  const status = error.statusCode ?? 500
  if (status === 503) return new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
  if (status >= 400 && status < 500) return new Problem('VALIDATION_FAILED', { errors: [{ path: '', message: say.json }] })
  return new Problem('INTERNAL')
}

function invalid (found: FastifySchemaValidationError[], say: Sentences['validation']): ProblemFacts {
  return { errors: found.slice(0, MOST_ERRORS).map((error) => tell(error, say)) }
}

function tell ({ keyword, instancePath: at, params }: FastifySchemaValidationError, say: Sentences['validation']): { path: string, message: string } {
  const limit = Number(params['limit'])
  switch (keyword) {
    case 'required': return { path: `${at}/${String(params['missingProperty'])}`, message: say.required(String(params['missingProperty'])) }
    case 'additionalProperties': {
      const field = String(params['additionalProperty']).slice(0, 64)
      return { path: `${at}/${field}`, message: say.additionalProperties(field) }
    }
    case 'type': return { path: at, message: say.type(String(params['type'])) }
    case 'minLength': return { path: at, message: say.minLength(limit) }
    case 'maxLength': return { path: at, message: say.maxLength(limit) }
    case 'pattern': return { path: at, message: at === '/email' ? say.email : say.pattern }
    default: return { path: at, message: say.other }
  }
}
