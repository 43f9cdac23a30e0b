import { webhookKey, writeWebhookKey } from '../../platform/channels/signed-post.ts'
import { loadConfig } from '../../platform/config/config.ts'
import { fail } from './failure.ts'
import { createKeyring } from '../../platform/keyring.ts'
import { secretOf } from './open.ts'

/** `npm run webhook:secret`: the key with which the receiver of OTP_WEBHOOK_URL verifies our signature. */
function main (): string {
  const config = loadConfig()
  const { otpWebhook, dataDir } = config
  if (otpWebhook?.secret) return writeWebhookKey(webhookKey(otpWebhook.secret))
  const secret = secretOf(config, `There is no secret in ${dataDir} yet. Start the server once, or set SECRET, then run this again.`)
  return writeWebhookKey(createKeyring(secret).current.webhook)
}

try {
  process.stdout.write(`${main()}\n`)
} catch (error) {
  fail(error)
}
