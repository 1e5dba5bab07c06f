import { createHash } from 'node:crypto'
import test from 'ava'
import { SharedVerifier } from '../../../src/core/index.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const length = 1_048_576

test('memory that is let go of while its pieces still wait to be hashed harms neither them nor others', async t => {
  const broken: unknown[] = []
  const verifier = new SharedVerifier(error => broken.push(error))
  t.teardown(() => verifier.stop())
  const sha1 = createHash('sha1').update(Buffer.alloc(length)).digest().toString('latin1')
  const buffers = Array.from({ length: 12 }, (_, id) => ({ id, memory: new SharedArrayBuffer(length) }))
  const results: (boolean | undefined)[] = []
  const verifyAll = () => {
    for (const buffer of buffers) {
      const expectation = { sha1, node: undefined, leaves: 0, sizeBytes: length }
      verifier.verify(buffer, length, expectation, isIntact => results.push(isIntact))
    }
  }
  verifyAll()
  await waitUntil('all are hashed', () => results.length === buffers.length)
  verifyAll()
  for (const { id } of buffers) verifier.forget(id)
  await waitUntil('all are hashed again', () => results.length === 2 * buffers.length)
  t.deepEqual(broken, [])
  t.true(results.every(isIntact => isIntact))
})
