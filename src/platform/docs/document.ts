import { type Static, Type } from '@sinclair/typebox'

const { Array: List, Object: Shape, Optional, Record, Recursive, String: Text, Number: Count, Union, Unknown } = Type

const SchemaShape = Recursive((Self) => Shape({
  $ref: Optional(Text()),
  type: Optional(Union([Text(), List(Text())])),
  description: Optional(Text()),
  format: Optional(Text()),
  enum: Optional(List(Unknown())),
  items: Optional(Self),
  anyOf: Optional(List(Self)),
  properties: Optional(Record(Text(), Self)),
  required: Optional(List(Text())),
  examples: Optional(List(Unknown())),
  maxLength: Optional(Count()),
  minimum: Optional(Count()),
  maximum: Optional(Count()),
  maxItems: Optional(Count())
}))
export type Schema = Static<typeof SchemaShape>

const Content = Record(Text(), Shape({ schema: Optional(SchemaShape) }))

const OperationShape = Shape({
  operationId: Text(),
  summary: Text(),
  description: Optional(Text()),
  tags: List(Text()),
  security: List(Record(Text(), List(Text()))),
  parameters: Optional(List(Shape({
    in: Text(), name: Text(), required: Optional(Type.Boolean()), description: Optional(Text()), schema: SchemaShape
  }))),
  requestBody: Optional(Shape({ content: Content })),
  responses: Record(Text(), Shape({ description: Optional(Text()), content: Optional(Content) }))
})
export type Operation = Static<typeof OperationShape>

/** A name is that of a cookie. */
const SchemeShape = Shape({ scheme: Optional(Text()), name: Optional(Text()), description: Optional(Text()) })
export type Scheme = Static<typeof SchemeShape>

/** What the page shows of our OpenAPI document. */
export const DocumentShape = Shape({
  info: Shape({ title: Text(), version: Text(), description: Text() }),
  servers: List(Shape({ url: Text() }), { minItems: 1 }),
  tags: List(Shape({ name: Text(), description: Text() })),
  paths: Record(Text(), Record(Text(), OperationShape)),
  components: Shape({ schemas: Record(Text(), SchemaShape), securitySchemes: Record(Text(), SchemeShape) })
})
export type Document = Static<typeof DocumentShape>
