type Json = string | number | boolean | null | Json[] | JsonObject
interface JsonObject { [name: string]: Json }

/** What every route may answer besides its success. */
const REFUSALS: Record<string, string> = { '4XX': 'Refused', '5XX': 'Unavailable' }
const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch'])

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The document with names: each schema with a title stands once, in `components`, and so do refusals. Routes keep their schemas whole,
 * because a reference costs every validation and every answer a look.
 * @throws Error when two schemas share a name
 */
export function withNames<Document extends object> (made: Document, examples: Readonly<Record<string, unknown>>): Document {
  const document: unknown = JSON.parse(JSON.stringify(made))
  if (!isDocument(document)) throw new Error('This is no OpenAPI document.')
  const schemas: JsonObject = {}
  const responses: JsonObject = {}

  const name = (kind: string, known: JsonObject, title: string, part: JsonObject): JsonObject => {
    const isOther = known[title] !== undefined && JSON.stringify(known[title]) !== JSON.stringify(part)
    if (isOther) throw new Error(`Two ${kind} are called ${title}.`)
    known[title] = part
    return { $ref: `#/components/${kind}/${title}` }
  }

  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(walk)
    if (!isObject(node)) return node
    const parts = Object.fromEntries(Object.entries(node).map(([key, value]): [string, Json] => {
      const refusal = isObject(value) ? REFUSALS[key] : undefined
      const walked = walk(value)
      return [key, refusal !== undefined && isObject(walked) ? name('responses', responses, refusal, walked) : walked]
    }))
    const { title } = node
    const isSchema = typeof title === 'string' && ('type' in node || 'anyOf' in node)
    if (!isSchema) return parts
    const example = examples[title]
    return name('schemas', schemas, title, example === undefined ? parts : { ...parts, examples: [JSON.parse(JSON.stringify(example))] })
  }

  const paths = walk(document.paths)
  for (const [method, operation] of isObject(paths) ? Object.values(paths).filter(isObject).flatMap((path) => Object.entries(path)) : []) {
    // Nothing has to be brought: not the same as nothing said.
    if (METHODS.has(method) && isObject(operation)) operation['security'] ??= []
  }
  return { ...made, components: { ...document.components, schemas, responses }, paths }
}

const isDocument = (value: unknown): value is JsonObject & { components: JsonObject, paths: JsonObject } =>
  typeof value === 'object' && value !== null && 'components' in value && 'paths' in value
