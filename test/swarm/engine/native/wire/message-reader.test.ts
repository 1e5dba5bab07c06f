import test from 'ava'
import fc from 'fast-check'
import {
  messageId,
  writeBlockHeader,
  writeKeepAlive,
  writeMessage,
} from '../../../../../src/swarm/engine/native/wire/message.ts'
import {
  MessageReader,
  maxMessageLength,
} from '../../../../../src/swarm/engine/native/wire/message-reader.ts'
import { runs } from '../../../../kit/runs.ts'

const blockHeader = (piece: number, begin: number, length: number) => {
  const header = Buffer.alloc(13)
  writeBlockHeader(header, 0, piece, begin, length)
  return header
}
const block = (piece: number, begin: number, bytes: Uint8Array) =>
  Buffer.concat([blockHeader(piece, begin, bytes.length), bytes])

/** A length, and an id behind it. */
const claim = (length: number, id: number) => {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(length)
  bytes[4] = id
  return bytes
}

/** Takes everything in; pieces of an even number have a place, the others are of no use. */
class Listener {
  readonly heard: string[] = []
  readonly places = new Map<number, Buffer>()
  readonly reader: MessageReader = new MessageReader({
    blockStart: (piece, begin, length) => {
      this.heard.push(`start ${piece} ${begin} ${length}`)
      if (piece % 2 === 1) return undefined
      const place = this.places.get(piece) ?? Buffer.alloc(4_096)
      this.places.set(piece, place)
      return place
    },
    blockEnd: (piece, begin, length, isKept) => {
      this.heard.push(`end ${piece} ${begin} ${length} ${isKept}`)
    },
    message: (id, body) => {
      this.heard.push(`message ${id} ${body.toString('hex')}`)
    },
  })

  /** Lends each chunk from memory that is overwritten afterwards, as the socket does. */
  push(...chunks: readonly Uint8Array[]): string | undefined {
    for (const chunk of chunks) {
      const lent = Buffer.alloc(chunk.length + 3, 0xaa)
      lent.set(chunk)
      const fault = this.reader.push(lent, chunk.length)
      lent.fill(0xbb)
      if (fault) return fault
    }
    return undefined
  }
}

/** The bytes, cut at the given places. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [
    0,
    ...cuts.map(one => one % (bytes.length + 1)).toSorted((one, other) => one - other),
    bytes.length,
  ]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

const blocks = fc
  .record({ piece: fc.nat(3), begin: fc.nat(2_000), bytes: fc.uint8Array({ maxLength: 300 }) })
  .map(({ piece, begin, bytes }) => block(piece, begin, bytes))
const others = fc
  .record({
    id: fc.nat(255).filter(id => id !== messageId.piece),
    body: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ id, body }) => writeMessage(id, body))
const streams = fc
  .array(fc.oneof(blocks, others, fc.constant(writeKeepAlive())), { maxLength: 12 })
  .map(messages => Buffer.concat(messages))

test('a stream gives the same messages and blocks however it is cut', t => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(), { maxLength: 30 }), (bytes, cuts) => {
      const [whole, parts] = [new Listener(), new Listener()]
      t.is(whole.push(bytes), undefined)
      t.is(parts.push(...cut(bytes, cuts)), undefined)
      t.deepEqual(parts.heard, whole.heard)
      t.deepEqual(parts.places, whole.places)
    }),
  )
})

test('a byte at a time gives the same', t => {
  fc.assert(
    fc.property(streams, bytes => {
      const [whole, bytewise] = [new Listener(), new Listener()]
      whole.push(bytes)
      bytewise.push(...Array.from(bytes, byte => Uint8Array.of(byte)))
      t.deepEqual(bytewise.heard, whole.heard)
      t.deepEqual(bytewise.places, whole.places)
    }),
    { numRuns: runs(30) },
  )
})

test('what was written is what is heard, in its order', t => {
  const listener = new Listener()
  listener.push(
    writeKeepAlive(),
    writeMessage(messageId.unchoke),
    writeMessage(messageId.bitfield, Uint8Array.of(0xf0)),
    block(2, 5, Uint8Array.of(1, 2, 3)),
    block(3, 0, Uint8Array.of(4)),
    block(4, 0, new Uint8Array(0)),
    writeMessage(99, Uint8Array.of(7, 8)),
  )
  t.deepEqual(listener.heard, [
    'message 1 ',
    'message 5 f0',
    'start 2 5 3',
    'end 2 5 3 true',
    'start 3 0 1',
    'end 3 0 1 false',
    'start 4 0 0',
    'end 4 0 0 true',
    'message 99 0708',
  ])
  t.deepEqual([...listener.places.get(2)!.subarray(4, 9)], [0, 1, 2, 3, 0])
})

test('a message of a mebibyte is heard whole, and not a byte more', t => {
  const longest = new Listener()
  t.is(longest.push(claim(maxMessageLength, 20), Buffer.alloc(maxMessageLength - 1)), undefined)
  t.is(longest.heard[0]?.length, 'message 20 '.length + 2 * (maxMessageLength - 1))
  for (const length of [maxMessageLength + 1, 0x7fffffff, 0xffffffff])
    t.is(new Listener().push(claim(length, 20)), `a message of ${length} bytes`)
})

test('a length that is too great is a fault before anything of the message comes', t => {
  const listener = new Listener()
  t.is(listener.push(Uint8Array.of(0xff, 0xff, 0xff)), undefined)
  t.truthy(listener.push(Uint8Array.of(0xff)))
})

test('a block that is too short for its own header, or beyond what is read past, is a fault', t => {
  for (const length of [1, 5, 8]) t.regex(new Listener().push(claim(length, 7)) ?? '', /^a block of/)
  t.is(new Listener().push(claim(9 + 128 * 1_024, 7)), undefined)
  t.regex(new Listener().push(claim(10 + 128 * 1_024, 7)) ?? '', /^a block of/)
})

test('messages before a fault are heard, and none behind it', t => {
  const listener = new Listener()
  const bytes = [writeMessage(1), claim(0xffffffff, 4), writeMessage(2)]
  t.truthy(listener.push(Buffer.concat(bytes)))
  t.deepEqual(listener.heard, ['message 1 '])
})

test('any bytes at all are taken in or refused, and never throw', t => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 10 }), chunks => {
      const listener = new Listener()
      listener.push(...chunks.map(chunk => Buffer.from(chunk)))
      t.pass()
    }),
  )
})

test('nothing is allocated for a message before its bytes come', t => {
  const readers = Array.from({ length: 500 }, () => new Listener())
  const before = process.memoryUsage().arrayBuffers
  for (const listener of readers) listener.push(claim(maxMessageLength, 20), Buffer.alloc(100))
  const grown = process.memoryUsage().arrayBuffers - before
  t.true(grown < 4 * 1024 * 1024, `${grown} bytes for 500 claims of a mebibyte`)
})

test('the memory of a long message is given back after it', t => {
  const memory: number[] = []
  const reader = new MessageReader({
    blockStart: () => undefined,
    blockEnd: () => {},
    message: (_, body) => memory.push(body.buffer.byteLength),
  })
  const say = (length: number) => {
    reader.push(claim(length, 99), 5)
    // In two parts, so that the reader has to keep the first one.
    reader.push(Buffer.allocUnsafeSlow(2), 2)
    reader.push(Buffer.allocUnsafeSlow(length - 3), length - 3)
  }
  say(maxMessageLength)
  say(100)
  t.true(memory[0]! >= maxMessageLength - 1)
  t.true(memory[1]! < 4_096, `${memory[1]}`)
})

test('a block whose place is given away stops being written, and is not kept', t => {
  const listener = new Listener()
  listener.push(blockHeader(2, 0, 6), Uint8Array.of(1, 2))
  listener.reader.dropBlock()
  listener.push(Uint8Array.of(3, 4, 5, 6), block(2, 10, Uint8Array.of(9)))
  t.deepEqual(listener.heard, ['start 2 0 6', 'end 2 0 6 false', 'start 2 10 1', 'end 2 10 1 true'])
  t.deepEqual([...listener.places.get(2)!.subarray(0, 11)], [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 9])
})
