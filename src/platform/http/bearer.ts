/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1). */
export const bearerOf = ({ headers }: { headers: { authorization?: string | undefined } }): string | undefined =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]
