import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** What this JSON says. @throws Error when it is none or has another shape */
export function readJson<Shape extends TSchema> (shape: Shape, json: string): Static<Shape> {
  const value: unknown = JSON.parse(json)
  Value.Assert(shape, value)
  return value
}
