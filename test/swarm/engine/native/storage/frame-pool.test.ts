import test from 'ava'
import {
  blocksPerFrames,
  FramePool,
  type Frames,
  frameLength,
} from '../../../../../src/swarm/engine/native/storage/frame-pool.ts'

const all = 32

/** Takes until nothing comes any more. */
function takeAll(pool: FramePool, evict: () => void = () => {}): Frames[] {
  const taken: Frames[] = []
  for (let frames = pool.take(evict); frames && taken.length < 100; frames = pool.take(evict))
    taken.push(frames)
  return taken
}

test('blocks lie one behind the other, each behind the room for its header', t => {
  const frames = new FramePool().take(() => {})!
  t.is(frames.bytes.length, blocksPerFrames * frameLength)
  for (const [index, block] of frames.blocks.entries()) block.fill(index + 1)
  for (let index = 0; index < blocksPerFrames; index++) {
    const at = index * frameLength + 13
    t.deepEqual([frames.bytes[at], frames.bytes[at + 16_383]], [index + 1, index + 1])
  }
})

test('there are 32 of them, and what is in use is never given to another', t => {
  const pool = new FramePool()
  const taken = takeAll(pool, () => t.fail('evicted while in use'))
  t.is(new Set(taken).size, all)
  t.is(
    pool.take(() => {}),
    undefined,
  )
})

test('the least lately used makes room, and its reader forgets it first', t => {
  const pool = new FramePool()
  const evicted: Frames[] = []
  const taken: Frames[] = []
  for (let count = 0; count < all; count++) {
    const frames: Frames = pool.take(() => evicted.push(frames))!
    taken.push(frames)
  }
  for (const frames of taken) pool.release(frames)
  pool.use(taken[0]!)
  pool.release(taken[0]!)
  t.is(
    pool.take(() => {}),
    taken[1],
  )
  t.is(
    pool.take(() => {}),
    taken[2],
  )
  t.deepEqual(evicted, [taken[1], taken[2]])
})

test('frames that were read are kept while memory may still be taken for others', t => {
  const pool = new FramePool()
  const first = pool.take(() => t.fail('evicted without need'))!
  pool.release(first)
  t.not(
    pool.take(() => {}),
    first,
  )
})

test('frames that nobody remembers are filled again before more memory is taken', t => {
  const pool = new FramePool()
  const first = pool.take(() => t.fail('its reader has forgotten it already'))!
  first.evict = undefined
  pool.release(first)
  t.is(
    pool.take(() => {}),
    first,
  )
})

test('used twice, frames are free after the second release; who waits is called once then', t => {
  const pool = new FramePool()
  const [first] = takeAll(pool)
  pool.use(first!)
  let calls = 0
  const retry = () => calls++
  pool.whenFree(retry)
  pool.whenFree(retry)
  pool.release(first!)
  t.is(calls, 0)
  pool.release(first!)
  t.is(calls, 1)
  t.is(
    pool.take(() => {}),
    first,
  )
  pool.release(first!)
  t.is(calls, 1)
})

test('once nothing was sent for half a minute the frames that are not in use go, and their readers are told', t => {
  const pool = new FramePool()
  const evicted: string[] = []
  const [kept, idle] = ['kept', 'idle'].map(name => pool.take(() => evicted.push(name))!)
  pool.release(idle!)
  for (let second = 1; second < 30; second++) pool.onSecond()
  pool.use(idle!)
  pool.release(idle!)
  for (let second = 1; second < 30; second++) pool.onSecond()
  t.deepEqual(evicted, [])
  pool.onSecond()
  t.deepEqual(evicted, ['idle'])
  const others = takeAll(pool)
  t.is(others.length, all - 1)
  t.false(others.includes(idle!))
  t.false(others.includes(kept!))
})
