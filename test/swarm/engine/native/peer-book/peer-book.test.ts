import test from 'ava'
import { type Candidate, PeerBook } from '../../../../../src/swarm/engine/native/peer-book/peer-book.ts'

function bookAt(ms = 0) {
  const time = { ms }
  // Without jitter: 0.8 + 0.4 × 0.5.
  return { time, book: new PeerBook({ now: () => time.ms, random: () => 0.5 }) }
}

const address = (at: number) => `10.0.${at >> 8}.${at & 255}:6881`

function nextOf(book: PeerBook, isSeeding = false): Candidate {
  const found = book.next(isSeeding)
  if ('waitMs' in found) throw new Error(`Nobody for ${found.waitMs} ms`)
  return found
}

function waitOf(book: PeerBook, isSeeding = false): number | undefined {
  const found = book.next(isSeeding)
  return 'waitMs' in found ? found.waitMs : undefined
}

test('an empty book has nobody, ever', t => {
  t.is(waitOf(bookAt().book), Number.POSITIVE_INFINITY)
})

test('an address is dialled once, whatever its spelling and however often it is told', t => {
  const { book } = bookAt()
  t.true(book.add('[2001:db8::1]:80', 'dht'))
  t.false(book.add('[2001:DB8:0::1]:80', 'pex'))
  t.false(book.add('nonsense', 'manual'))
  t.is(book.size, 1)
  t.is(nextOf(book).address, '[2001:db8::1]:80')
  t.is(waitOf(book), Number.POSITIVE_INFINITY)
  t.is(book.get('[2001:db8:0::1]:80')?.state, 'dialling')
})

test('whom a person or the local network named is dialled before all others', t => {
  const { book } = bookAt()
  book.add(address(1), 'pex')
  book.add(address(2), 'tracker')
  book.add(address(3), 'lsd')
  book.add(address(4), 'manual')
  book.add(address(2), 'manual')
  t.deepEqual(
    [1, 2, 3, 4].map(() => nextOf(book).address),
    [3, 4, 2, 1].map(address),
  )
})

test('who was never tried goes before who failed', t => {
  const { book, time } = bookAt()
  book.add(address(1), 'dht')
  book.ended(nextOf(book), true)
  time.ms = 100_000
  book.add(address(2), 'dht')
  t.is(nextOf(book).address, address(2))
  t.is(nextOf(book).address, address(1))
})

test('a failure is waited for 5 s, then twice as long each time, 10 minutes at most', t => {
  const { book, time } = bookAt()
  book.add(address(1), 'dht')
  const waits: number[] = []
  for (let failure = 0; failure < 10; failure++) {
    book.ended(nextOf(book), true)
    const waitMs = waitOf(book)!
    waits.push(waitMs / 1000)
    time.ms += waitMs - 1
    t.is(waitOf(book), 1)
    time.ms += 1
  }
  t.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600, 600])
})

test('waits differ by a fifth either way, so that not all come back at once', t => {
  for (const [draw, expected] of [
    [0, 4_000],
    [0.999_999, 6_000],
  ] as const) {
    const book = new PeerBook({ now: () => 0, random: () => draw })
    book.add(address(1), 'dht')
    book.ended(nextOf(book), true)
    t.true(Math.abs(waitOf(book)! - expected) < 1)
  }
})

test('a connection that was of use wipes out failures; one that ends at once is one', t => {
  const { book, time } = bookAt()
  book.add(address(1), 'dht')
  book.ended(nextOf(book), true)
  time.ms += 5_000
  const candidate = nextOf(book)
  book.connected(candidate)
  time.ms += 10
  book.ended(candidate, false)
  t.is(candidate.failures, 2)
  time.ms += 10_000
  book.connected(nextOf(book))
  time.ms += 1_000
  book.ended(candidate, false)
  t.is(candidate.failures, 0)
  t.is(waitOf(book), 5_000)
})

test('who is connected is not dialled', t => {
  const { book, time } = bookAt()
  book.add(address(1), 'dht')
  book.connected(nextOf(book))
  time.ms = 1e9
  t.false(book.add(address(1), 'manual'))
  t.is(waitOf(book), Number.POSITIVE_INFINITY)
})

test('a seed does not dial seeds, and does once it wants something again', t => {
  const { book, time } = bookAt()
  book.add(address(1), 'dht')
  const candidate = nextOf(book)
  book.connected(candidate)
  candidate.isSeed = true
  book.ended(candidate, false)
  time.ms = 1e9
  t.is(waitOf(book, true), Number.POSITIVE_INFINITY)
  t.is(nextOf(book), candidate)
})

test('whom a person names again is tried at once; whom PEX names again is not', t => {
  const { book } = bookAt()
  book.add(address(1), 'dht')
  book.ended(nextOf(book), true)
  t.false(book.add(address(1), 'pex'))
  t.is(waitOf(book), 5_000)
  t.true(book.add(address(1), 'manual'))
  t.is(nextOf(book).failures, 0)
})

test('once what failed was ours, all may be tried at once, those connected left alone', t => {
  const { book } = bookAt()
  for (const at of [1, 2, 3]) book.add(address(at), 'dht')
  book.connected(nextOf(book))
  book.ended(nextOf(book), true)
  book.ended(nextOf(book), true)
  book.forgive()
  t.deepEqual([nextOf(book).address, nextOf(book).address], [address(2), address(3)])
  t.is(waitOf(book), Number.POSITIVE_INFINITY)
})

test('who may be tried in another way is at once', t => {
  const { book } = bookAt()
  book.add(address(1), 'dht')
  const candidate = nextOf(book)
  book.ended(candidate, true)
  candidate.isPlain = true
  book.retryNow(candidate)
  t.is(nextOf(book), candidate)
})

test('a thousand addresses are known; one more has to be better than one of them', t => {
  const { book, time } = bookAt()
  for (let at = 0; at < 1_000; at++) book.add(address(at), 'pex')
  t.false(book.add(address(1_000), 'tracker'))
  t.is(book.size, 1_000)
  t.true(book.add(address(1_000), 'manual'))
  t.is(book.size, 1_000)
  t.is(nextOf(book).address, address(1_000))
  const hopeless = nextOf(book)
  for (let failure = 0; failure < 3; failure++) book.ended(hopeless, true)
  t.true(book.add(address(1_001), 'pex'), 'in the place of one that cannot be reached')
  t.is(book.get(hopeless.address), undefined)
  time.ms = 1e9
  t.false(book.add(address(1_002), 'pex'))
})

test('those by hand are not given up for one another', t => {
  const { book } = bookAt()
  for (let at = 0; at < 1_000; at++) book.add(address(at), 'manual')
  t.false(book.add(address(1_000), 'manual'))
})

test('who is forgotten is not dialled, and may be told of anew', t => {
  const { book } = bookAt()
  book.add(address(1), 'manual')
  book.forget(address(1))
  book.forget(address(2))
  t.is(waitOf(book), Number.POSITIVE_INFINITY)
  t.true(book.add(address(1), 'dht'))
  t.is(nextOf(book).source, 'dht')
})
