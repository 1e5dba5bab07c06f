import { createHash } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import {
  type P2pShareError,
  type PieceExpectation,
  type SharedBytes,
  SharedVerifier,
} from '../../../src/core/index.ts'
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

const sha1Of = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('binary')
const expecting = (sha1: string) => ({ sha1, node: undefined, leaves: 0, sizeBytes: 0 })

function startVerifier(t: ExecutionContext) {
  const broken: P2pShareError[] = []
  const verifier = new SharedVerifier(error => broken.push(error))
  t.teardown(() => verifier.stop())
  const verify = (buffer: SharedBytes, sizeBytes: number, sha1: string) =>
    new Promise<boolean | undefined>(resolve => verifier.verify(buffer, sizeBytes, expecting(sha1), resolve))
  return { verifier, broken, verify }
}

test('a piece is intact where the beginning of its memory hashes to what was expected, and the answer comes later', async t => {
  const { verifier } = startVerifier(t)
  const memory = new SharedArrayBuffer(100)
  const bytes = Buffer.from(memory).fill(7)
  const answers: (boolean | undefined)[] = []
  const whole = sha1Of(bytes)
  const beginning = sha1Of(bytes.subarray(0, 60))
  for (const [sizeBytes, sha1] of [
    [100, whole],
    [60, beginning],
    [60, whole],
    [59, beginning],
  ] as const)
    verifier.verify({ id: 0, memory }, sizeBytes, expecting(sha1), isIntact => answers.push(isIntact))
  t.deepEqual(answers, [])
  await waitUntil('all are judged', () => answers.length === 4)
  t.deepEqual(answers.toSorted(), [true, true, false, false].toSorted())
})

test('what a buffer holds at the time counts, however often it is used again', async t => {
  const { verify } = startVerifier(t)
  const memory = new SharedArrayBuffer(1_000)
  const bytes = Buffer.from(memory)
  for (let round = 0; round < 20; round++) {
    bytes.fill(round)
    t.true(await verify({ id: 3, memory }, 1_000, sha1Of(bytes)))
    const before = sha1Of(bytes)
    bytes[999] = 255
    t.false(await verify({ id: 3, memory }, 1_000, before))
  }
})

test('each of many pieces gets its own answer, and only its own', async t => {
  const { verify } = startVerifier(t)
  const pieces = Array.from({ length: 300 }, (_, id) => {
    const memory = new SharedArrayBuffer(2_000)
    const bytes = Buffer.from(memory).fill(id)
    return {
      buffer: { id, memory },
      sha1: sha1Of(id % 3 === 0 ? bytes.subarray(1) : bytes),
      isIntact: id % 3 !== 0,
    }
  })
  const answers = await Promise.all(pieces.map(({ buffer, sha1 }) => verify(buffer, 2_000, sha1)))
  t.deepEqual(
    answers,
    pieces.map(({ isIntact }) => isIntact),
  )
})

test('where a thread breaks down, who waits for it is told, and the next piece is verified by another', async t => {
  const { verifier, broken, verify } = startVerifier(t)
  // Longer than what is hashed on the thread that asks while none runs.
  const sizeBytes = 5 * length
  const memory = new SharedArrayBuffer(sizeBytes)
  const answer = await new Promise<boolean | undefined>(resolve =>
    // Nothing to expect at all is what no caller gives: it is how a thread is broken here.
    verifier.verify({ id: 1, memory }, sizeBytes, undefined as unknown as PieceExpectation, resolve),
  )
  t.is(answer, undefined)
  t.deepEqual(
    broken.map(({ code }) => code),
    ['ERR_INTERNAL'],
  )
  t.true(await verify({ id: 1, memory }, sizeBytes, sha1Of(new Uint8Array(sizeBytes))))
})

test('no turn of the loop passes before a piece is judged while no thread runs', async t => {
  const { verify } = startVerifier(t)
  let turns = 0
  setImmediate(() => turns++)
  t.true(await verify({ id: 1, memory: new SharedArrayBuffer(10) }, 10, sha1Of(new Uint8Array(10))))
  t.is(turns, 0)
})

test('after it was stopped nobody is called back any more', async t => {
  const { verifier, verify } = startVerifier(t)
  const memory = new SharedArrayBuffer(10)
  await verify({ id: 1, memory }, 10, '')
  let calls = 0
  verifier.verify({ id: 1, memory }, 10, expecting(''), () => calls++)
  await verifier.stop()
  verifier.verify({ id: 1, memory }, 10, expecting(''), () => calls++)
  await new Promise(resolve => setImmediate(resolve))
  t.is(calls, 0)
})
