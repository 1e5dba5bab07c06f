import { parentPort } from 'node:worker_threads'
import { running, type VerifyBatch, type VerifyReply } from './shared-verify-protocol.ts'
import { verifyPiece } from './verify-piece.ts'

const port = parentPort!
const buffers = new Map<number, Buffer>()

port.on('message', ({ shared, dropped, orders }: VerifyBatch) => {
  for (const { id, memory } of shared) buffers.set(id, Buffer.from(memory))
  for (const id of dropped) buffers.delete(id)
  const replies: VerifyReply[] = []
  for (const { id, buffer, length, expectation } of orders) {
    replies.push({ id, isIntact: verifyPiece(buffers.get(buffer)!.subarray(0, length), expectation) })
  }
  port.postMessage(replies)
})
port.postMessage(running)
