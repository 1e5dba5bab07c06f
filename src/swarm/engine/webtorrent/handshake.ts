let isGuarded = false

/**
 * Leaves the handshake out for a peer that has hung up meanwhile: the encrypted one takes several turns of the event loop,
 * and nobody waits for its answer any more.
 */
export async function guardHandshakes(): Promise<void> {
  const { default: Peer } = await import('webtorrent/lib/peer.js')
  if (isGuarded) return
  isGuarded = true
  const { handshake } = Peer.prototype
  Peer.prototype.handshake = function (this: InstanceType<typeof Peer>) {
    if (!this.destroyed && this.swarm && this.wire) handshake.call(this)
  }
}
