import { blockLength } from '../wire/message.ts'
import type { Peer } from './peer.ts'

/** A peer that has sent nothing for so long while asked is passed over for its blocks. */
const stuckMs = 2_000
/** A block is asked of a faster peer only where that spares more than this. */
const worthwhileMs = 50
/** What a peer is taken to send at least, before it has shown it. */
const assumedRate = 256 * 1024
const leastRate = 1_024

/**
 * Whether a block that one peer was asked for is better asked of another: it is stuck, or will take much longer. Who has sent
 * nothing gets nothing that was asked of one who did, and nothing at all once it lets us wait: silent peers would take blocks
 * back from the honest ones, again and again.
 */
export function isSlowOwner(owner: Peer, other: Peer, nowMs: number): boolean {
  if (nowMs - other.askedAtMs > stuckMs) return false
  if (owner.isSnubbed || owner.waitedMs(owner.lastBlockAtMs, nowMs) > stuckMs) return true
  // Another one would only wait for the same limit.
  if (owner.socket.isPaused) return false
  if (owner.hasDelivered && !other.hasDelivered) return false
  const othersWaitMs = waitMs(other.outstanding + 1, Math.max(other.down.rate(), assumedRate))
  return queueMs(owner) > 2 * othersWaitMs + worthwhileMs
}

/** Whether nothing at all has come of a peer for a while, though it is in the middle of a block. */
export function isStuck(peer: Peer, nowMs: number): boolean {
  return peer.waitedMs(peer.lastHeardAtMs, nowMs) > stuckMs
}

/** How long a peer will take for what it was asked for, at its rate of the moment; one that has sent nothing yet is given time. */
export function queueMs({ outstanding, down, hasDelivered }: Peer): number {
  return waitMs(outstanding, hasDelivered ? Math.max(down.rate(), leastRate) : assumedRate)
}

function waitMs(blocks: number, bytesPerSecond: number): number {
  return (blocks * blockLength * 1000) / bytesPerSecond
}
