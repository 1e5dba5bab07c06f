import { parentPort } from 'node:worker_threads'
import type { HashOrder, HashReply } from './hash-protocol.ts'
import { PieceHasher } from './piece-hasher.ts'
import { isReadFault } from './read-fault.ts'

const port = parentPort!
const hashers = new Map<number, PieceHasher>()

port.on('message', (order: HashOrder) => {
  if ('job' in order) {
    hashers.set(order.id, new PieceHasher(order.job))
  } else if ('pieces' in order) {
    port.postMessage(answer(order.id, order.pieces))
  } else {
    hashers.get(order.id)?.close()
    hashers.delete(order.id)
  }
})

function answer(id: number, pieces: Uint32Array): HashReply {
  try {
    return { id, hashes: hashers.get(id)!.hash(pieces) }
  } catch (fault) {
    if (!isReadFault(fault)) throw fault
    return { id, fault }
  }
}
