import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { webhookKey, writeWebhookKey } from '../../platform/channels/webhook.ts'
import { loadConfig } from '../../platform/config/config.ts'
import { fail } from './failure.ts'
import { createKeyring } from '../../platform/keyring.ts'

/** `npm run webhook:secret`: the key with which the receiver of OTP_WEBHOOK_URL verifies our signature. */
function main (): string {
  const { otpWebhook, secret, dataDir } = loadConfig()
  if (otpWebhook?.secret) return writeWebhookKey(webhookKey(otpWebhook.secret))
  return writeWebhookKey(createKeyring(secret ?? ownSecret(dataDir)).current.webhook)
}

function ownSecret (dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'secret'), 'utf8').trim()
  } catch {
    throw new Error(`There is no secret in ${dataDir} yet. Start the server once, or set SECRET, then run this again.`)
  }
}

try {
  process.stdout.write(`${main()}\n`)
} catch (error) {
  fail(error)
}
