import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startApp } from '../support/app.ts'

const server = await startApp(t)
const get = async (url: string) => await server.fastify.inject(url)

/** What an exhausted machine does to the event loop. */
function block (milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

t.test('a pause that is over refuses nobody', async (t) => {
  block(3_000)
  // Both timers have seen it then.
  await sleep(50)
  t.equal((await get('/.well-known/jwks.json')).statusCode, 200)
})

t.test('while the loop stays late, requests are refused at once, health is told, and all is well when it is over', async (t) => {
  let answer = await get('/.well-known/jwks.json')
  for (let blocks = 0; blocks < 10 && answer.statusCode === 200; blocks++) {
    block(1_500)
    await sleep(0)
    answer = await get('/.well-known/jwks.json')
  }
  t.match([answer.statusCode, answer.headers['retry-after'], answer.json()], [503, '2', { code: 'SERVICE_UNAVAILABLE' }])
  t.equal((await get('/health/live')).statusCode, 200)
  while (answer.statusCode !== 200) {
    await sleep(100)
    answer = await get('/.well-known/jwks.json')
  }
  t.pass('it recovers by itself')
})
