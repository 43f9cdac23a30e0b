import fp from 'fastify-plugin'
import { Problem } from '../src/errors.ts'
import { type Captcha, createCaptcha } from '../src/records/throttling/captcha.ts'
import { createPressureStore, type PressureStore } from '../src/records/throttling/throttling-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    pressure: PressureStore
    /**
     * Lets a caller pass while neither the address nor the source is hammered, else asks for a proof of work. True when one was
     * given and taken: whoever solves always gets through. `isExempt`: a device that the account knows.
     * @throws Problem CAPTCHA_REQUIRED with the challenge
     */
    requireCaptcha: (asked: { addressTag: string, source: string, captcha: string | undefined, isExempt?: boolean }) => Promise<boolean>
  }
}

/** Proof of work (ALTCHA, self-hosted) where somebody hammers: it slows machines down and locks no owner out. */
export default fp(async (fastify) => {
  const after = fastify.config.limits.captchaAfter
  const captcha: Captcha = createCaptcha(fastify.keyring)
  const pressure = createPressureStore(fastify.redis, fastify.runScript)
  fastify.decorate('pressure', pressure)

  fastify.decorate('requireCaptcha', async ({ addressTag, source, captcha: payload, isExempt = false }) => {
    if (after === 0 || isExempt) return false
    if (payload !== undefined) {
      const nonce = await captcha.verify(payload)
      if (nonce !== null && await pressure.takeNonce(nonce)) return true
    }
    const count = await pressure.find(addressTag, source)
    if (count < after) return false
    throw new Problem('CAPTCHA_REQUIRED', { captcha: await captcha.challenge(count / after) })
  })
}, { name: 'captcha', dependencies: ['redis', 'keyring'] })
