import test from 'ava'
import { PeerSocket } from '../../../../../src/swarm/engine/native/connection/peer-socket.ts'
import { freePort } from '../../../../kit/free-port.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { socketPair } from '../../../../kit/socket-pair.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

/** Reads everything into one buffer. */
function collect(socket: PeerSocket) {
  const chunks: Buffer[] = []
  socket.read((chunk, length) => chunks.push(Buffer.from(chunk.subarray(0, length))))
  return { bytes: () => Buffer.concat(chunks) }
}

for (const reader of ['dialled', 'accepted'] as const)
  test(`megabytes arrive whole and in order on a connection that was ${reader}, though others are read meanwhile`, async t => {
    const contents = ['a', 'b', 'c'].map(seed => sampleBytes(3_000_000, seed))
    const heard = await Promise.all(
      contents.map(async content => {
        const { near, far } = await socketPair(t)
        const [reads, writes] = reader === 'dialled' ? [near, far] : [far, near]
        const { bytes } = collect(reads)
        for (let at = 0; at < content.length; at += 100_000) writes.write(content.subarray(at, at + 100_000))
        return { bytes, reads }
      }),
    )
    for (const [index, { bytes, reads }] of heard.entries()) {
      await waitUntil('all has come', () => reads.receivedBytes === 3_000_000)
      t.true(bytes().equals(contents[index]!))
    }
  })

for (const early of ['dialled', 'accepted'] as const)
  test(`what comes to a connection that was ${early} before anybody reads is given first, and is bounded`, async t => {
    const { near, far } = await socketPair(t)
    const [waits, writes] = early === 'dialled' ? [near, far] : [far, near]
    const content = sampleBytes(20_000_000, 'early')
    writes.write(content)
    await waitUntil('something has come', () => waits.receivedBytes > 0)
    // A turn of the loop and more: nothing else is taken in meanwhile.
    await waitUntil('the writer has to wait', () => writes.socket.writableLength > 1_000_000)
    t.true(waits.receivedBytes <= 512 * 1024, `${waits.receivedBytes}`)
    const { bytes } = collect(waits)
    await waitUntil('all has come', () => waits.receivedBytes === content.length)
    t.true(bytes().equals(content))
  })

test('who pauses as it is given what came early is given nothing more until it resumes', async t => {
  const { near, far } = await socketPair(t)
  far.write(Buffer.from('first'))
  await waitUntil('it has come', () => near.receivedBytes === 5)
  const heard: string[] = []
  near.read((chunk, length) => {
    heard.push(chunk.toString('latin1', 0, length))
    near.pause()
  })
  far.write(Buffer.alloc(30_000_000))
  await waitUntil('the writer has to wait', () => far.socket.writableLength > 1_000_000)
  t.true(near.receivedBytes <= 5 + 256 * 1024, `${near.receivedBytes}`)
  t.true(heard.length <= 2)
  near.resume()
  await waitUntil('it goes on', () => heard.length > 1)
})

test('the end is told of once, with the reason of who ended it', async t => {
  const { near, far } = await socketPair(t)
  const ends: string[] = []
  near.whenClosed(reason => ends.push(`near: ${reason}`))
  far.whenClosed(reason => ends.push(`far: ${reason}`))
  far.read(() => {})
  near.destroy('banned')
  near.destroy('again')
  t.true(near.isClosed)
  t.deepEqual(ends, ['near: banned'])
  await waitUntil('the other side hears of it', () => far.isClosed)
  t.deepEqual(ends, ['near: banned', 'far: the peer hung up'])
})

test('who asks about the end after it hears of it all the same', async t => {
  const { near } = await socketPair(t)
  near.destroy('over')
  t.is(await new Promise(resolve => near.whenClosed(resolve)), 'over')
})

test('nothing is read or written after the end, and whoever waits for a write is let go', async t => {
  const { near, far } = await socketPair(t)
  const { bytes } = collect(far)
  near.write(Buffer.from('before'))
  await waitUntil('it has come', () => bytes().length === 6)
  near.destroy('over')
  let flushed = 0
  near.write(Buffer.from('after'), () => flushed++)
  t.is(flushed, 1)
  near.read(() => t.fail('read after the end'))
  far.write(Buffer.from('more'))
  await waitUntil('the other end closes', () => far.isClosed)
  t.is(bytes().toString(), 'before')
})

test('where nobody listens, the connection ends with the reason', async t => {
  const socket = PeerSocket.dial('127.0.0.1', await freePort(), () => t.fail('connected'))
  const reason = await new Promise<string>(resolve => socket.whenClosed(resolve))
  t.regex(reason, /ECONNREFUSED/)
})
