import test from 'ava'
import { ReadingWindow } from '../../../src/swarm/stream/reading-window.ts'

const mebibyte = 1024 * 1024

function windowOf(init: Partial<ConstructorParameters<typeof ReadingWindow>[0]> = {}) {
  const named: (readonly number[])[] = []
  let nowMs = 0
  const window = new ReadingWindow({
    pieceLength: mebibyte,
    endOffset: 1024 * mebibyte,
    has: () => false,
    hurry: pieces => named.push(pieces),
    now: () => nowMs,
    ...init,
  })
  const elapse = (ms: number) => {
    nowMs += ms
  }
  return { window, named, elapse }
}

test('a reader first needs 16 MiB from where it is', t => {
  const { window, named } = windowOf()
  window.moveTo(500 * mebibyte + 17)
  t.is(named.length, 1)
  t.deepEqual(
    named[0],
    Array.from({ length: 17 }, (_, at) => 500 + at),
  )
})

test('pieces that are held are not named, and none past what is read', t => {
  const { window, named } = windowOf({ has: piece => piece % 2 === 0, endOffset: 5 * mebibyte - 1 })
  window.moveTo(0)
  t.deepEqual(named, [[1, 3]])
  for (let piece = 1; piece < 5; piece++) window.moveTo(piece * mebibyte)
  t.is(named.length, 1)
})

test('reading on names pieces anew only after a quarter of the window, a jump at once', t => {
  const { window, named } = windowOf()
  for (let offset = 0; offset < 4 * mebibyte; offset += 65_536) window.moveTo(offset)
  t.is(named.length, 1)
  window.moveTo(5 * mebibyte)
  t.is(named.length, 2)
  t.is(named[1]![0], 5)
  window.moveTo(900 * mebibyte)
  t.is(named[2]![0], 900)
  window.moveTo(2 * mebibyte)
  t.is(named[3]![0], 2)
})

test('who reads fast has 5 s ahead, but never more than 1,000 pieces', t => {
  const { window, named, elapse } = windowOf()
  for (let second = 0; second < 10; second++) {
    elapse(1_000)
    window.onRead(20 * mebibyte)
  }
  window.moveTo(0)
  t.true(named[0]!.length > 95 && named[0]!.length <= 101, String(named[0]!.length))
  const small = windowOf({ pieceLength: 16_384 })
  small.window.moveTo(0)
  t.is(small.named[0]!.length, 1_000)
})

test('closing takes everything back', t => {
  const { window, named } = windowOf()
  window.moveTo(0)
  window.close()
  t.deepEqual(named.at(-1), [])
})
