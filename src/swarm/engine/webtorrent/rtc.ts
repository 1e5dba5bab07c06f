/**
 * Tells simple-peer that ICE gathering is over. The WebRTC of Node that webtorrent uses never hands out the closing null
 * candidate (W3C WebRTC 4.8.2), so that every offer and answer would wait 5 s for it.
 */
export async function announceEndOfCandidates(): Promise<void> {
  const { RTCPeerConnection } = await import('webrtc-polyfill')
  if (Object.hasOwn(RTCPeerConnection.prototype, 'dispatchEvent')) return
  RTCPeerConnection.prototype.dispatchEvent = function (
    this: InstanceType<typeof RTCPeerConnection>,
    event: Event,
  ) {
    const notCancelled = EventTarget.prototype.dispatchEvent.call(this, event)
    if (event.type === 'icegatheringstatechange' && this.iceGatheringState === 'complete') {
      this.onicecandidate?.({ candidate: null })
    }
    return notCancelled
  }
}
