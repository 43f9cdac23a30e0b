import Fastify from 'fastify'
import type { TestApp } from './app.ts'
import { json } from './shapes.ts'

export type Schema = Record<string, unknown> & {
  type?: string
  properties?: Record<string, Schema>
  required?: string[]
  examples?: unknown[]
}

interface Content { content?: Record<string, { schema: Schema }>, description: string }

export interface Operation {
  method: string
  path: string
  security: Array<Record<string, string[]>> | undefined
  body: Schema | undefined
  responses: Record<string, Content>
}

export interface OpenApi {
  openapi: string
  info: Record<string, string>
  servers: Array<{ url: string }>
  components: { securitySchemes: Record<string, Record<string, string>> }
  paths: Record<
    string,
    Record<string, { summary?: string; security?: Operation['security']; requestBody?: Content; responses: Operation['responses'] }>
  >
}

/** The published document of `server`, and its operations one by one. */
export async function readOpenApi (server: Pick<TestApp, 'browser'>): Promise<{ document: OpenApi, operations: Operation[] }> {
  const document = json<OpenApi>((await server.browser().get('/docs/json')).text)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    security: operation.security,
    body: operation.requestBody?.content?.['application/json']?.schema,
    responses: operation.responses
  })))
  return { document, operations }
}

/** A strict checker of JSON Schemas, not the application's own: throws for what is no schema. */
export async function schemaChecker (): Promise<(schema: Schema) => (value: unknown) => boolean> {
  const fastify = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, strict: true } } })
  let compile: ((schema: Schema) => (value: unknown) => boolean) | undefined
  fastify.get('/', async (request) => { compile = (schema) => request.compileValidationSchema(schema) })
  await fastify.inject('/')
  if (!compile) throw new Error('There is no checker.')
  return compile
}
