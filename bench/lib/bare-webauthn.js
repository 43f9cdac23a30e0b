// Checks assertions with @simplewebauthn/server, and does nothing else.
import { verifyAuthenticationResponse } from '@simplewebauthn/server'

process.on('message', async ({ assertions, origin, atOnce }) => {
  const latencies = []
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const waiting = assertions.values()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const { publicKey, challenge, response } of waiting) {
      const askedAt = performance.now()
      const { verified } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: new URL(origin).hostname,
        credential: { id: response.id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 }
      })
      if (!verified) throw new Error('an assertion is wrong')
      latencies.push(performance.now() - askedAt)
    }
  }))
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  latencies.sort((a, b) => a - b)
  const at = (share) => Math.round(latencies[Math.ceil(latencies.length * share) - 1])
  process.send({
    perSecond: assertions.length / seconds,
    latency: { p50: at(0.5), p90: at(0.9), p99: at(0.99) },
    serverCpu: (user + system) / 1e6 / seconds,
    cpuMicroseconds: (user + system) / assertions.length
  })
})
process.on('disconnect', () => process.exit(0))
