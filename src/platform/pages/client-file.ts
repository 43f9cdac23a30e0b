import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { findBuild } from './build.ts'

export interface ClientFile { body: Buffer, gzip: Buffer, etag: string }

/** @dvokrok/client for pages that have no build step; what it loads when asked lies among the assets. Null where it was not built. */
export function readClientFile (): ClientFile | null {
  const path = join(findBuild() ?? '', 'client.js')
  if (!existsSync(path)) return null
  const body = readFileSync(path)
  return { body, gzip: gzipSync(body), etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
}
