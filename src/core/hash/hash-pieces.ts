import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AbortOptions } from '../abort.ts'
import { HashPool } from './hash-pool.ts'
import { type HashJob, PieceHasher, type PieceHashes } from './piece-hasher.ts'
import { isReadFault, readFaultError } from './read-fault.ts'

// Hashed in the time that a thread takes to start.
const inlineBytes = 4 << 20
const inlineOrderBytes = 1 << 20
const poolOrderBytes = 8 << 20

const pool = new HashPool()

/** Starts the worker threads, where something large is about to be hashed. */
export function prepareHashing(): void {
  pool.warmUp()
}

/**
 * Hashes pieces of a content: large inputs in worker threads, small ones here, a megabyte between turns of the event
 * loop. Memory does not grow with the content. Aborting ends the threads where nothing else uses them.
 *
 * @param pieces indexes in ascending order
 * @param onHashed called for some pieces at a time, in any order
 * @throws {P2pShareError} `ERR_SOURCE_CHANGED` naming a file that is not, or does not stay, as its part says;
 *   `ERR_UNREADABLE_FILE`; neither where the job skips what is unreadable
 */
export async function hashPieces(
  job: HashJob,
  pieces: Uint32Array,
  onHashed: (hashes: PieceHashes) => void,
  { signal }: AbortOptions = {},
): Promise<void> {
  signal?.throwIfAborted()
  const inodes = new Map<number, number>()
  const accept = (hashes: PieceHashes) => {
    compareInodes(job, hashes.opened, inodes)
    onHashed(hashes)
  }
  const isSmall = pieces.length * job.pieceLength <= inlineBytes || job.contentLength <= inlineBytes
  if (!isSmall)
    return pool.run({ job, orders: ordersOf(job, pieces, poolOrderBytes), onHashed: accept }, signal)

  const hasher = new PieceHasher(job)
  try {
    for (const order of ordersOf(job, pieces, inlineOrderBytes)) {
      accept(hasher.hash(order))
      await nextTurn()
      signal?.throwIfAborted()
    }
  } catch (error) {
    throw isReadFault(error) ? readFaultError(error) : error
  } finally {
    hasher.close()
  }
}

function* ordersOf(job: HashJob, pieces: Uint32Array, orderBytes: number): Generator<Uint32Array> {
  const count = Math.max(1, Math.floor(orderBytes / job.pieceLength))
  for (let at = 0; at < pieces.length; at += count) yield pieces.slice(at, at + count)
}

/** A file put in the place of another between two openings would be hashed in parts of both. */
function compareInodes(job: HashJob, opened: Float64Array, inodes: Map<number, number>): void {
  if (job.skipsUnreadable) return
  for (let at = 0; at < opened.length; at += 2) {
    const index = opened[at]!
    const inode = opened[at + 1]!
    if ((inodes.get(index) ?? inode) !== inode)
      throw readFaultError({ path: job.parts[index]!.path!, change: 'was replaced', code: undefined })
    inodes.set(index, inode)
  }
}
