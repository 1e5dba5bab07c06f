import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { MseInitiator } from '../../../../../src/swarm/engine/native/encryption/mse.ts'
import type { Rc4 } from '../../../../../src/swarm/engine/native/encryption/rc4.ts'
import { nativeEngine } from '../../../../../src/swarm/engine/native.ts'
import { hello, say } from '../../../../kit/hostile/speech.ts'
import { serve, startEngine } from '../../../../kit/hostile/victim.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const blockLength = 16_384
const blocks = 800
const blockMessageLength = blockLength + 13

/** Connects with RC4; answers what to write with, and how many bytes came since. */
async function dialEncrypted(t: ExecutionContext, port: number, infoHash: string) {
  const socket: Socket = connect({ host: '127.0.0.1', port })
  t.teardown(() => void socket.destroy())
  await once(socket, 'connect')
  const initialPayload = hello({ infoHash })
  const mse = new MseInitiator({ infoHash: Buffer.from(infoHash, 'hex'), crypto: 'rc4', initialPayload })
  socket.write(mse.start())
  let encrypt: Rc4 | undefined
  let heardBytes = 0
  socket.on('data', chunk => {
    if (encrypt) heardBytes += chunk.length
    else {
      const { send, outcome } = mse.push(chunk)
      for (const bytes of send) socket.write(bytes)
      encrypt = outcome?.encrypt
    }
  })
  await waitUntil('the handshake is over', () => encrypt)
  const write = (bytes: Buffer) => {
    encrypt!.apply(bytes)
    socket.write(bytes)
  }
  return { socket, write, heard: () => heardBytes }
}

test('an encrypted peer that asks for much and reads late gets all of it without asking again', async t => {
  const content = sampleBytes(blocks * blockLength, t.title)
  const metainfo = makeTorrent('clip.avi', content, blockLength * 16)
  const engine = await startEngine(t, nativeEngine, { encryption: 'require' })
  serve(engine, metainfo, content)
  const { socket, write, heard } = await dialEncrypted(t, engine.port, metainfo.infoHash!)
  write(Buffer.from(say.interested))
  await waitUntil('it is unchoked', () => heard() > 0)

  socket.pause()
  const requests = Array.from({ length: blocks }, (_, block) =>
    say.request(Math.floor(block / 16), (block % 16) * blockLength, blockLength),
  )
  write(Buffer.concat(requests))
  let before = -1
  const isQuiet = () => {
    const [last, now] = [before, socket.bytesRead]
    before = now
    return last === now
  }
  await waitUntil('nothing more comes', isQuiet, { intervalMs: 200 })
  socket.resume()
  await waitUntil('all blocks are here', () => heard() >= blocks * blockMessageLength, {
    timeoutMs: 10_000,
    state: () => ({ heard: heard(), of: blocks * blockMessageLength }),
  })
  t.pass()
})
