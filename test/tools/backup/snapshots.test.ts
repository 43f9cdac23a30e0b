import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keys } from '../../../src/platform/redis/keys.ts'
import { survivesRestore } from '../../../src/tools/backup/copy.ts'
import { createRdbCheck } from '../../../src/tools/backup/rdb-check.ts'
import { saveSnapshot } from '../../../src/tools/backup/snapshot.ts'
import { folderOf, startOne, workFolder } from '../../support/commands.ts'
import { shaped } from '../../support/shapes.ts'

t.test('every kind of key survives a restore or is over with it, as it must', async (t) => {
  const over = ['session', 'sessions', 'attempt', 'attempts', 'trustedBrowser', 'trustedBrowsers', 'totpPending', 'idempotency']
  const overOfAll = ['nonce', 'ready', 'limits', 'builds', 'assets', 'mail']
  const named = (group: object) => Object.entries(group).map(([name, key]) =>
    [name, typeof key === 'function' ? shaped<(part: unknown) => string>(key)('7') : String(key)] as const)
  for (const group of [keys.account('x'), keys.address('x')]) {
    for (const [name, key] of named(group)) t.equal(survivesRestore(key), !over.includes(name), key)
  }
  const { account: _account, address: _address, source, events, ...rest } = keys
  t.equal(survivesRestore(source('x').pressure), false)
  for (const [, key] of named(events)) t.equal(survivesRestore(key), true, key)
  for (const [name, key] of named(rest)) t.equal(survivesRestore(key), !overOfAll.includes(name), key)
})

t.test('a snapshot is known by its checksum, in pieces of any size', async (t) => {
  const node = await startOne(t, ['--appendonly', 'no'])
  await node.client.set('a', 'b'.repeat(300))
  await node.client.save()
  const whole = readFileSync(join(await folderOf(node), 'dump.rdb'))
  const judge = (bytes: Buffer, size: number): string | null => {
    const check = createRdbCheck()
    for (let at = 0; at < bytes.length; at += size) check.take(bytes.subarray(at, at + size))
    return check.problem()
  }
  for (const size of [1, 3, 8, 9, 10, 64, whole.length]) t.equal(judge(whole, size), null, `in pieces of ${size}`)
  const changed = Buffer.from(whole)
  changed[40] = (changed[40] ?? 0) ^ 1
  t.equal(judge(changed, 16), 'its checksum is wrong')
  t.equal(judge(whole.subarray(0, -9), 16), 'it ends in the middle')
  t.equal(judge(Buffer.from('nothing of the kind'), 16), 'it does not begin like a snapshot of Redis')
  t.equal(judge(Buffer.alloc(0), 16), 'it does not begin like a snapshot of Redis')
})

t.test('a file that is put there while the snapshot comes is not replaced', async (t) => {
  const [node, folder] = [await startOne(t), workFolder(t)]
  const path = join(folder, 'dump.rdb')
  const connection = node.client.duplicate()
  t.teardown(() => { connection.disconnect() })
  await connection.ping()
  const saving = saveSnapshot(connection, path)
  writeFileSync(path, 'of somebody else')
  await t.rejects(saving, { code: 'EEXIST', path })
  t.equal(readFileSync(path, 'utf8'), 'of somebody else')
  t.strictSame(readdirSync(folder), ['dump.rdb'], 'and nothing half done stays')
})
