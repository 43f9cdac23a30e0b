import { logIn, signUp, type TestApp } from './app.ts'

/** An admin who has just signed in with a code, made as the operator's command makes one. */
export async function newAdmin (server: TestApp) {
  const { who, id, browser } = await signUp(server)
  const { administration, adminLog } = server.inside.records
  const client = { ip: '', device: '' }
  const operation = `grant ${id}`
  const actor = { kind: 'cli', id: '', name: 'root' } as const
  await adminLog.begin(operation, { at: Date.now(), aim: 'role_changed', actor, accountId: id, ...client })
  await administration.grant(id, { ...client, by: 'operator', operation })
  await adminLog.settle(operation, ['role_changed'])
  const { token } = await logIn(server, who, browser)
  return { who, id, browser, token }
}
