import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { MethodName } from '../../src/schemas.ts'

const schema = {
  operationId: 'getChallenge',
  summary: 'The attempt in progress, for a code page that was reloaded',
  tags: ['Sign-up and sign-in'],
  response: {
    200: Type.Object({
      purpose: Type.String(),
      method: MethodName,
      methods: Type.Array(MethodName),
      destination: Type.String({ description: 'Where a code goes, masked.' }),
      codeExpiresInSeconds: Type.Integer({ description: '0 if no code is on its way.' }),
      resendAfterSeconds: Type.Integer(),
      attemptsLeft: Type.Integer()
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { secondStep } = fastify.flows

  fastify.get('/2fa', { schema, config: { access: 'pending' } }, async (request) => await secondStep.describe(request.challenge))
}

export default route
