import test from 'ava'
import fc from 'fast-check'
import { type BencodeDict, decodeBencode, encodeBencode } from '../../../../../src/core/index.ts'
import { PexIntake, PexOutbox } from '../../../../../src/swarm/engine/native/extension/pex.ts'
import { readPex } from '../../../../../src/swarm/engine/native/extension/pex-message.ts'

const peer = (address: string, { isSeed = false, isEncrypted = false } = {}) => ({
  address,
  isSeed,
  isEncrypted,
})
const peers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    peer(`10.1.${(from + index) >> 8}.${(from + index) & 255}:6881`),
  )

function clock() {
  const time = { ms: 0 }
  return { time, now: () => time.ms }
}

test('what one client tells another reads, with both families and the flags of BEP 11', t => {
  const told = [
    peer('1.2.3.4:6881', { isSeed: true, isEncrypted: true }),
    peer('[2001:db8::1]:80'),
    peer('5.6.7.8:1'),
  ]
  const payload = new PexOutbox().next(told)!
  t.deepEqual(readPex(payload)?.added, ['1.2.3.4:6881', '5.6.7.8:1', '[2001:db8::1]:80'])
  const dict = decodeBencode(payload) as BencodeDict
  t.deepEqual([...(dict.get('added.f') as Uint8Array)], [0x13, 0x10])
  t.deepEqual([...(dict.get('added6.f') as Uint8Array)], [0x10])
})

test('a minute passes between two messages, and the second one has the changes alone', t => {
  const { time, now } = clock()
  const outbox = new PexOutbox(now)
  const [one, two, three] = peers(3)
  t.truthy(outbox.next([one!, two!]))
  time.ms = 59_999
  t.is(outbox.next([two!, three!]), undefined)
  time.ms = 60_000
  const payload = outbox.next([two!, three!])!
  t.deepEqual(readPex(payload)?.added, [three!.address])
  const dropped = (decodeBencode(payload) as BencodeDict).get('dropped') as Uint8Array
  t.deepEqual([...dropped], [10, 1, 0, 0, 0x1a, 0xe1])
  time.ms = 200_000
  t.is(outbox.next([two!, three!]), undefined)
})

test('a newcomer who could not be told of anybody is told as soon as there is somebody', t => {
  const { time, now } = clock()
  const outbox = new PexOutbox(now)
  t.is(outbox.next([]), undefined)
  time.ms = 1_000
  t.truthy(outbox.next(peers(1)))
})

test('a message adds no more than 50 peers, and the rest comes with the next ones', t => {
  const { time, now } = clock()
  const outbox = new PexOutbox(now)
  const all = peers(120)
  const told = [0, 60_000, 120_000].map(ms => {
    time.ms = ms
    return readPex(outbox.next(all)!)!.added
  })
  t.deepEqual(
    told.map(({ length }) => length),
    [50, 50, 20],
  )
  t.is(new Set(told.flat()).size, 120)
})

test('nobody is looked at before a message is due', t => {
  const { now } = clock()
  const outbox = new PexOutbox(now)
  outbox.next(peers(1))
  outbox.next(
    (function* () {
      t.fail()
      yield* peers(1)
    })(),
  )
  t.pass()
})

test('whatever bytes come, no more than 100 addresses are read of them and nothing throws', t => {
  const anyPayload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .dictionary(
        fc.constantFrom('added', 'added6', 'added.f', 'dropped'),
        fc.oneof(fc.uint8Array({ maxLength: 5_000 }), fc.integer(), fc.constant([])),
      )
      .map(encodeBencode),
  )
  fc.assert(
    fc.property(anyPayload, payload => {
      t.true((readPex(payload)?.added.length ?? 0) <= 100)
      t.true(new PexIntake().take(1, payload).length <= 100)
    }),
  )
})

test('a peer that tells more often than once a minute is not listened to', t => {
  const { time, now } = clock()
  const intake = new PexIntake(now)
  const say = (from: number) => new PexOutbox().next(peers(1, from))!
  t.is(intake.take(1, say(1)).length, 1)
  t.is(intake.take(1, say(2)).length, 0)
  t.is(intake.take(2, say(3)).length, 1)
  time.ms = 60_000
  t.is(intake.take(1, say(4)).length, 1)
})

test('a torrent hears of no more than 1,000 peers within an hour, each once', t => {
  const { time, now } = clock()
  const intake = new PexIntake(now)
  let heard = 0
  for (let from = 0; from < 100; from++)
    heard += intake.take(from, new PexOutbox().next(peers(50, from * 50))!).length
  t.is(heard, 1_000)
  t.is(intake.take(500, new PexOutbox().next(peers(50))!).length, 0)
  time.ms = 3_600_000
  t.is(intake.take(500, new PexOutbox().next(peers(50))!).length, 50)
})
