import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import fp from 'fastify-plugin'
import { type FieldError, invalidField, Problem, type ProblemCode } from '../../src/errors.ts'
import { PROBLEM_TYPE, problemDocument } from '../../src/platform/http/problem-document.ts'
import { basicOf } from '../../src/platform/http/request-parsing.ts'
import { HEADERS_TOO_LARGE_POLICY, headersTooLargePage } from '../../src/platform/pages/headers-too-large.ts'
import { withoutSlash } from '../../src/platform/pages/addresses.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { ProblemSchema } from '../../src/schemas.ts'

/** RFC 6750, section 3. */
const REALM = 'Bearer realm="dvokrok"'
const INVALID_TOKEN = `${REALM}, error="invalid_token"`
const INSUFFICIENT_SCOPE = `${REALM}, error="insufficient_scope"`
const BASIC_REALM = 'Basic realm="dvokrok"'
const MOST_ERRORS = 10
const LONGEST_FIELD_NAME = 64
const SAME_REASON_MS = 1_000
const BY_FASTIFY_CODE: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED'
}

/** Every refusal leaves as problem+json (RFC 9457) in the reader's language; nothing of an unexpected error leaves at all. */
export default fp(async (fastify) => {
  fastify.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.code === 'INTERNAL') request.log.error({ event: 'internal', err: error }, 'unexpected error')
    else if (problem.code === 'SERVICE_UNAVAILABLE') tellUnavailable(request, error)
    if (problem.code === 'HEADERS_TOO_LARGE' && fastify.pages.isWanted(request)) return sendTooLarge(request, reply)
    return send(request, reply, problem)
  })
  fastify.setNotFoundHandler((request, reply) => {
    const { pages } = fastify
    const page = request.method === 'GET' || request.method === 'HEAD' ? withoutSlash(request.url) : null
    if (pages.show && page !== null) return reply.redirect(fastify.config.basePath + page, 308)
    if (pages.show && pages.isWanted(request)) return pages.show(request, reply.code(404))
    return send(request, reply, new Problem('NOT_FOUND'))
  })

  fastify.addHook('onRoute', (route) => {
    if (route.schema?.hide === true || !route.schema) return
    const { response } = route.schema
    const refused = { content: { 'application/problem+json': { schema: ProblemSchema } } }
    route.schema.response = {
      '4xx': { description: 'Refused', ...refused },
      '5xx': { description: 'Not possible now', ...refused },
      ...(typeof response === 'object' ? response : {})
    }
  })

  let told = { reason: '', atMs: 0 }
  function tellUnavailable (request: FastifyRequest, { message: reason }: Error): void {
    const atMs = performance.now()
    // The requests themselves have a line each: a flood of them needs no second one.
    if (reason === told.reason && atMs - told.atMs < SAME_REASON_MS) return
    told = { reason, atMs }
    request.log.warn({ event: 'unavailable', reason }, 'answered 503')
  }

  function sendTooLarge (request: FastifyRequest, reply: FastifyReply): FastifyReply {
    fastify.metrics.refused('HEADERS_TOO_LARGE')
    const { locale } = fastify.requester(request)
    return reply
      .code(431)
      .header('content-security-policy', HEADERS_TOO_LARGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(headersTooLargePage({ locale, publicUrl: fastify.config.publicUrl, requestId: request.id }))
  }

  function send (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    const { code, statusCode, facts } = problem
    request.caller = { ...request.caller, refusal: code }
    fastify.metrics.refused(code)
    const { allow, isSessionOver } = facts
    if (isSessionOver) fastify.cookies.clearSession(reply)
    if (facts.retryAfterSeconds !== undefined) reply.header('retry-after', facts.retryAfterSeconds)
    if (allow !== undefined) reply.header('allow', allow)
    if (code === 'SCOPE_MISSING') reply.header('www-authenticate', INSUFFICIENT_SCOPE)
    // RFC 6749, section 5.2: who came with Basic is asked for Basic.
    const bearer = code === 'TOKEN_INVALID' || code === 'TOKEN_EXPIRED' ? INVALID_TOKEN : REALM
    if (statusCode === 401) reply.header('www-authenticate', basicOf(request) === undefined ? bearer : BASIC_REALM)
    return reply.code(statusCode).type(PROBLEM_TYPE).send(problemDocument(problem, fastify.requester(request).locale, request.id))
  }
}, { name: 'problems', dependencies: ['access', 'cookies', 'requester', 'pages', 'metrics'] })

function toProblem (error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error
  if (isRedisAway(error)) return new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
  if (error.validation) return new Problem('VALIDATION_FAILED', { errors: error.validation.slice(0, MOST_ERRORS).map(toFieldError) })
  const code = BY_FASTIFY_CODE[error.code]
  if (code) return new Problem(code)
  const status = error.statusCode ?? 500
  if (status === 503) return new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
  if (status >= 400 && status < 500) return invalidField('', 'json')
  return new Problem('INTERNAL')
}

function toFieldError ({ keyword: reason, instancePath: path, params }: FastifySchemaValidationError): FieldError {
  switch (reason) {
    case 'required': {
      const value = String(params['missingProperty'])
      return { path: `${path}/${value}`, reason, value }
    }
    case 'additionalProperties': {
      const value = String(params['additionalProperty']).slice(0, LONGEST_FIELD_NAME)
      return { path: `${path}/${value}`, reason, value }
    }
    case 'type': return { path, reason, value: String(params['type']) }
    case 'minLength': case 'maxLength': return { path, reason, value: Number(params['limit']) }
    case 'format': return { path, reason: isNamedFormat(params['format']) ? params['format'] : 'pattern' }
    case 'pattern': return { path, reason }
    default: return { path, reason: 'other' }
  }
}

const isNamedFormat = (format: unknown): format is 'email' | 'locale' => format === 'email' || format === 'locale'
