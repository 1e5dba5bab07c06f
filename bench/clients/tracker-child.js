// A UDP tracker (BEP 15) that answers every announce with nobody, and counts who was announced; steered by its parent.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { serveCommands } from './json-lines.js'

const connectAction = 0
const announceAction = 1
const intervalSeconds = 1800
// So that a burst of thousands waits for its turn rather than getting lost.
const receiveBufferBytes = 4 << 20

const socket = createSocket({ type: 'udp4', recvBufferSize: receiveBufferBytes })
const announced = new Set()
let wanted
let reached

socket.on('message', (message, { port, address }) => {
  if (message.length < 16) return
  const action = message.readUInt32BE(8)
  const answer = Buffer.alloc(action === announceAction ? 20 : 16)
  answer.writeUInt32BE(action, 0)
  message.copy(answer, 4, 12, 16)
  if (action === announceAction) answer.writeUInt32BE(intervalSeconds, 8)
  else if (action === connectAction) answer.writeBigUInt64BE(1n, 8)
  else return
  socket.send(answer, port, address)
  if (action === announceAction) count(message.toString('latin1', 16, 36))
})

function count(infoHash) {
  announced.add(infoHash)
  if (announced.size >= wanted) reached?.(Date.now())
}

await serveCommands({
  async start() {
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return { announce: `udp://127.0.0.1:${socket.address().port}` }
  },
  forget() {
    announced.clear()
  },
  /** Waits until so many are announced; answers when that was, by the clock on the wall in milliseconds. */
  async until({ count: many, timeoutMs }) {
    const { promise, resolve, reject } = Promise.withResolvers()
    wanted = many
    reached = resolve
    if (announced.size >= many) resolve(Date.now())
    const timer = setTimeout(
      () => reject(new Error(`${announced.size} of ${many} announced after ${timeoutMs} ms`)),
      timeoutMs,
    )
    try {
      return { atMs: await promise }
    } finally {
      clearTimeout(timer)
    }
  },
})
