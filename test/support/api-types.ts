import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import type { FastifyInstance } from 'fastify'
import { json } from './shapes.ts'

export const API_TYPES_FILE = new URL('../../web/src/api/schema.d.ts', import.meta.url)

const HEAD = '// Made by `npm run api:types` from the OpenAPI document of the server. Not edited by hand.\n\n'
/** Every route refuses alike: once is enough. */
const REFUSALS = new Set(['4XX', '5XX'])

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
type JsonObject = Record<string, Json>

/** The types that the pages are built on, as TypeScript text. Schemas with a title get a name of their own. */
export async function apiTypes (fastify: FastifyInstance): Promise<string> {
  const { body } = await fastify.inject('/docs/json')
  const { components, paths, ...rest } = json<{ components: JsonObject, paths: JsonObject }>(body)
  const schemas: JsonObject = {}
  const named = nameSchemas(paths, schemas)
  const document = { ...rest, components: { ...components, schemas }, paths: named }
  return HEAD + astToString(await openapiTS(JSON.stringify(document)))
}

export const checkedInApiTypes = (): string => readFileSync(API_TYPES_FILE, 'utf8')

function nameSchemas (node: Json, schemas: JsonObject): Json {
  if (Array.isArray(node)) return node.map((one) => nameSchemas(one, schemas))
  if (typeof node !== 'object' || node === null) return node
  const parts = Object.entries(node).map(([name, value]): [string, Json] => [name, nameSchemas(value, schemas)])
  const isSchema = typeof node['title'] === 'string' && ('type' in node || 'anyOf' in node)
  if (!isSchema) return Object.fromEntries(parts.filter(([name]) => !REFUSALS.has(name)))
  schemas[String(node['title'])] = Object.fromEntries(parts)
  return { $ref: `#/components/schemas/${String(node['title'])}` }
}
