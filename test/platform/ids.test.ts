import { createHash } from 'node:crypto'
import t from 'tap'
import { hashToken } from '../../src/platform/ids.ts'

t.test('what is kept of a token is the first half of its SHA-256, as it always was: records that are there stay good', async (t) => {
  t.equal(hashToken('a token'), createHash('sha256').update('a token').digest().subarray(0, 16).toString('base64url'))
  t.equal(hashToken(''), '47DEQpj8HBSa-_TImW-5JA', 'a vector of the algorithm (NIST), cut')
})
