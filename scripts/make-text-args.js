// Writes src/platform/locales/text-args.ts: what the English sentences name. A test tells when they drift apart.
import { writeFileSync } from 'node:fs'
import { TEXT_ARGS_FILE, textArgs } from '../test/support/text-args.ts'

writeFileSync(TEXT_ARGS_FILE, textArgs())
