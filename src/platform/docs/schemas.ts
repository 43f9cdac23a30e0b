import { escapeHtml as e } from '../escape-html.ts'
import type { Schema } from './document.ts'

/** Of the sentences in the document only `code` is more than text. */
export const prose = (text: string): string => e(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

const nameOf = ($ref: string): string => $ref.split('/').at(-1) ?? ''

/** What a value is, in words; HTML. */
function kindOf (schema: Schema): string {
  if (schema.$ref !== undefined) return `<a href="#${e(nameOf(schema.$ref))}">${e(nameOf(schema.$ref))}</a>`
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ')
  if (schema.enum) return schema.enum.map((value) => `<code>${e(JSON.stringify(value))}</code>`).join(' or ')
  if (schema.items) return `list of ${kindOf(schema.items)}`
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type ?? 'anything'
  return e(schema.format === undefined ? type : `${type} (${schema.format})`)
}

function boundsOf ({ minimum, maximum, maxLength, maxItems }: Schema): string[] {
  return [
    ...minimum === undefined ? [] : [`at least ${minimum}`],
    ...maximum === undefined ? [] : [`at most ${maximum}`],
    ...maxLength === undefined ? [] : [`at most ${maxLength} characters`],
    ...maxItems === undefined ? [] : [`at most ${maxItems} items`]
  ]
}

export interface Field { name: string, schema: Schema, note?: string | undefined, description?: string | undefined }

/** A list of fields: name, kind and bounds, description, and the fields of what lies within. */
export function fieldsOf (fields: Field[]): string {
  const rows = fields.map(({ name, schema, note, description = schema.description }) => {
    const facts = [kindOf(schema), ...boundsOf(schema), ...note === undefined ? [] : [note]].join(', ')
    const within = schema.items ?? schema
    const text = description === undefined ? '' : `<p>${prose(description)}</p>`
    return `<div><dt><code>${e(name)}</code></dt><dd><p class="kind">${facts}</p>${text}${propertiesOf(within)}</dd></div>`
  })
  return rows.length === 0 ? '' : `<dl class="fields">${rows.join('')}</dl>`
}

/** '' for what has none of its own. */
const propertiesOf = ({ properties = {}, required = [] }: Schema): string => fieldsOf(Object.entries(properties)
  .map(([name, schema]) => ({ name, schema, note: required.includes(name) ? undefined : 'optional' })))

/** A body: what it is, and its fields. */
export function bodyOf (schema: Schema): string {
  const properties = propertiesOf(schema.items ?? schema)
  return properties !== '' && !schema.items ? properties : `<p class="kind">${kindOf(schema)}</p>${properties}`
}

/** A value that fits: the first example, else made of the required properties, or of the first one. */
export function exampleOf (schema: Schema, named: Readonly<Record<string, Schema>>): unknown {
  if (schema.$ref !== undefined) return exampleOf(named[nameOf(schema.$ref)] ?? {}, named)
  const [choice] = schema.anyOf ?? []
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.enum?.[0] !== undefined) return schema.enum[0]
  if (choice) return exampleOf(choice, named)
  if (schema.items) return [exampleOf(schema.items, named)]
  if (schema.properties) {
    const { properties, required = Object.keys(properties).slice(0, 1) } = schema
    return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, named)]))
  }
  return schema.type === 'boolean' ? true : schema.type === 'integer' || schema.type === 'number' ? schema.minimum ?? 1 : '…'
}
