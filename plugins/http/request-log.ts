import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { clientAddress } from '../../src/platform/http/request-parsing.ts'
import { isWithAccount } from '../../src/records/challenges/challenge.ts'

/**
 * One line for every refusal, with its code, and every change, with the account's id where it is known; plain reads only at `debug`,
 * because logging them would cost more than serving them. Neither query nor headers nor bodies are logged: they hold addresses, codes and
 * tokens.
 */
export default fp(async (fastify) => {
  const isVerbose = ['debug', 'trace'].includes(fastify.config.logLevel)
  fastify.addHook('onResponse', (request, reply, done) => {
    tell(request, reply)
    done()
  })

  function tell (request: FastifyRequest, reply: FastifyReply): void {
    const { statusCode } = reply
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const isQuiet = statusCode < 400 && isRead
    if (isQuiet && !isVerbose) return
    const { principal, serviceKey, challenge, refresh, refusal } = request.caller ?? {}
    const ownerId = challenge && isWithAccount(challenge) ? challenge.ownerKey : undefined
    const account = principal?.user.id ?? refresh?.accountId ?? ownerId
    request.log[isQuiet ? 'debug' : 'info']({
      event: 'request',
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: statusCode,
      ip: clientAddress(request).toString(),
      ...(refusal === undefined ? {} : { refusal }),
      ...(serviceKey === undefined ? {} : { serviceKey: serviceKey.id }),
      ...(account === undefined ? {} : { account }),
      milliseconds: Math.round(reply.elapsedTime)
    }, 'request')
  }
}, { name: 'request-log', dependencies: ['access'] })
