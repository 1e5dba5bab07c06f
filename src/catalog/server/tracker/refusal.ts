/** What a peer asked that the tracker does not do; its message is what the peer is told. */
export class TrackerRefusal extends Error {
  override readonly name = 'TrackerRefusal'
}
