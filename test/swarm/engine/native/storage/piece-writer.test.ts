import { mock } from 'node:test'
import test from 'ava'
import type { P2pShareError } from '../../../../../src/core/index.ts'
import { PieceWriter } from '../../../../../src/swarm/engine/native/storage/piece-writer.ts'
import { diskFull, MemoryStore } from '../../../../kit/memory-store.ts'

const time = mock.timers
test.beforeEach(() => time.enable({ apis: ['setTimeout'] }))
test.afterEach.always(() => time.reset())

/** A store whose writes end when the test says so. */
class SlowStore extends MemoryStore {
  readonly begun: { readonly offset: number; end(error?: unknown): Promise<void> }[] = []

  override writeFrom(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const end = async (error?: unknown) => {
      if (error) reject(error)
      else resolve(super.writeFrom(offset, parts))
      await settled()
    }
    this.begun.push({ offset, end })
    return promise
  }

  get offsets(): number[] {
    return this.begun.map(({ offset }) => offset)
  }
}

/** All that follows from promises that are settled already has happened. */
async function settled(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

function writerTo(store: MemoryStore) {
  const log: string[] = []
  const errors: P2pShareError[] = []
  const writer = new PieceWriter(store, {
    onStalled: error => {
      errors.push(error)
      log.push('stalled')
    },
    onFlowing: () => log.push('flowing'),
  })
  const write = (offset: number) =>
    writer.write(offset, Uint8Array.of(offset + 1), () => log.push(`written ${offset}`))
  return { writer, write, log, errors }
}

test.serial('pieces are written to their place in the order in which they came, two at once', async t => {
  const store = new SlowStore(10)
  const { write, log } = writerTo(store)
  for (const offset of [3, 1, 4, 6]) write(offset)
  t.deepEqual(store.offsets, [3, 1])
  await store.begun[1]!.end()
  t.deepEqual(store.offsets, [3, 1, 4])
  await store.begun[0]!.end()
  await store.begun[2]!.end()
  await store.begun[3]!.end()
  t.deepEqual(log, ['written 1', 'written 3', 'written 4', 'written 6'])
  t.deepEqual([...store.content], [0, 2, 0, 4, 5, 0, 7, 0, 0, 0])
})

test.serial(
  'pieces that follow each other are written together, those between which something lies are not',
  async t => {
    const store = new SlowStore(10)
    const { write, log } = writerTo(store)
    for (const offset of [0, 9, 2, 3, 4, 6, 7]) write(offset)
    await store.begun[0]!.end()
    await store.begun[1]!.end()
    t.deepEqual(store.offsets, [0, 9, 2, 6])
    await store.begun[2]!.end()
    t.deepEqual(log, ['written 0', 'written 9', 'written 2', 'written 3', 'written 4'])
    t.deepEqual([...store.content], [1, 0, 3, 4, 5, 0, 0, 0, 0, 10])
  },
)

test.serial('no more than four mebibytes are written together', async t => {
  const store = new SlowStore(12_000_000)
  const { writer } = writerTo(store)
  const piece = new Uint8Array(1_600_000)
  for (let offset = 0; offset < 7 * piece.length; offset += piece.length)
    writer.write(offset, piece, () => {})
  await store.begun[0]!.end()
  await store.begun[1]!.end()
  t.deepEqual(store.offsets, [0, 1_600_000, 3_200_000, 6_400_000])
})

test.serial('after a failure pieces are written one by one, so that the room there is gets used', async t => {
  const store = new SlowStore(10)
  const { write, log } = writerTo(store)
  for (const offset of [0, 5, 1, 2, 3]) write(offset)
  await store.begun[0]!.end()
  await store.begun[2]!.end(diskFull)
  await store.begun[1]!.end()
  time.tick(2_000)
  t.deepEqual(store.offsets, [0, 5, 1, 1])
  await store.begun[3]!.end(diskFull)
  t.deepEqual(log, ['written 0', 'stalled', 'flowing', 'written 5', 'stalled'])
})

test.serial(
  'a write that fails is said once, and tried again every two seconds until it goes through',
  async t => {
    const store = new MemoryStore(10)
    store.writeError = diskFull
    const { write, log, errors } = writerTo(store)
    write(7)
    await settled()
    t.deepEqual([errors, log], [[diskFull], ['stalled']])
    for (let tries = 2; tries <= 5; tries++) {
      time.tick(1_999)
      await settled()
      t.is(store.writes, tries - 1)
      time.tick(1)
      await settled()
      t.is(store.writes, tries)
    }
    store.writeError = undefined
    time.tick(2_000)
    await settled()
    t.deepEqual(log, ['stalled', 'flowing', 'written 7'])
    t.is(store.content[7], 8)
  },
)

test.serial('what comes meanwhile waits behind it, and goes through after it', async t => {
  const store = new MemoryStore(10)
  store.writeError = diskFull
  const { write, log } = writerTo(store)
  write(1)
  await settled()
  for (const offset of [2, 3, 4]) write(offset)
  await settled()
  t.is(store.writes, 1)
  store.writeError = undefined
  time.tick(2_000)
  await settled()
  t.deepEqual(log, ['stalled', 'flowing', 'written 1', 'written 2', 'written 3', 'written 4'])
})

test.serial('where both of two writes fail, both are tried again', async t => {
  const store = new SlowStore(10)
  const { write, log } = writerTo(store)
  for (const offset of [1, 2, 3]) write(offset)
  await store.begun[0]!.end(diskFull)
  await store.begun[1]!.end(diskFull)
  t.deepEqual(log, ['stalled'])
  time.tick(2_000)
  await settled()
  for (let at = 2; at < store.begun.length; at++) await store.begun[at]!.end()
  t.deepEqual(log.toSorted(), ['flowing', 'stalled', 'written 1', 'written 2', 'written 3'])
})

test.serial('an error of no known kind is told as one that says why', async t => {
  const store = new SlowStore(10)
  const { write, errors } = writerTo(store)
  write(1)
  await store.begun[0]!.end(new Error('the cable fell out'))
  t.is(errors[0]?.code, 'ERR_CANNOT_WRITE')
  t.regex(errors[0]?.message ?? '', /the cable fell out/)
})

test.serial('stopping waits for what is being written, and begins nothing more', async t => {
  const store = new SlowStore(10)
  const { writer, write } = writerTo(store)
  for (const offset of [1, 2, 3]) write(offset)
  let isStopped = false
  const stopped = writer.stop().then(() => {
    isStopped = true
  })
  await store.begun[0]!.end()
  t.false(isStopped)
  await store.begun[1]!.end(diskFull)
  await stopped
  time.tick(10_000)
  await settled()
  t.deepEqual(store.offsets, [1, 2])
  await writer.stop()
})

test.serial('stopping while a failed write waits tries it no more', async t => {
  const store = new MemoryStore(10)
  store.writeError = diskFull
  const { writer, write } = writerTo(store)
  write(1)
  await settled()
  await writer.stop()
  time.tick(10_000)
  await settled()
  t.is(store.writes, 1)
})
