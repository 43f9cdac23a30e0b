import Fastify from 'fastify'
import type { TestApp } from './app.ts'
import { json, shaped } from './shapes.ts'

export type Schema = Record<string, unknown> & {
  type?: string
  properties?: Record<string, Schema>
  required?: string[]
  examples?: unknown[]
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

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
  tags: Array<{ name: string, description: string }>
  components: { securitySchemes: Record<string, Record<string, string>>, schemas: Record<string, Schema> }
  paths: Record<
    string,
    Record<string, {
      operationId?: string
      summary?: string
      tags: string[]
      security?: Operation['security']
      requestBody?: Content
      responses: Operation['responses']
    }>
  >
}

/** The published document of `server`, and its operations one by one. */
export async function readOpenApi (server: Pick<TestApp, 'browser'>): Promise<{ document: OpenApi, operations: Operation[] }> {
  const document = json<OpenApi>((await server.browser().get('/docs/json')).text)
  const { paths } = shaped<OpenApi>(resolved(shaped<Json>(document), shaped<Json>(document)))
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    security: operation.security,
    body: operation.requestBody?.content?.['application/json']?.schema,
    responses: operation.responses
  })))
  return { document, operations }
}

/** The document with what its references name in their place. @throws Error for one that leads nowhere */
function resolved (node: Json, document: Json): Json {
  if (Array.isArray(node)) return node.map((one) => resolved(one, document))
  if (typeof node !== 'object' || node === null) return node
  const reference = node['$ref']
  if (typeof reference !== 'string') return Object.fromEntries(Object.entries(node).map(([name, part]) => [name, resolved(part, document)]))
  const found = reference.replace('#/', '').split('/').reduce<Json | undefined>(
    (at, name) => typeof at === 'object' && at !== null && !Array.isArray(at) ? at[name] : undefined, document)
  if (found === undefined) throw new Error(`${reference} leads nowhere`)
  return resolved(found, document)
}

/** A strict checker of JSON Schemas, not the application's own: throws for what is no schema. */
export async function schemaChecker (): Promise<(schema: Schema) => (value: unknown) => boolean> {
  const formats = { locale: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/ }
  const fastify = Fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, strict: true, formats } }
  })
  let compile: ((schema: Schema) => (value: unknown) => boolean) | undefined
  fastify.get('/', async (request) => { compile = (schema) => request.compileValidationSchema(schema) })
  await fastify.inject('/')
  if (!compile) throw new Error('There is no checker.')
  return compile
}
