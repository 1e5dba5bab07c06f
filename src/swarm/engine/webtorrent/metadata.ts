import { createHash } from 'node:crypto'
import type { Wire } from 'webtorrent'

/**
 * Puts our own handling of the `info` dictionary (BEP 9) in place of webtorrent's on one connection: bytes are taken and
 * handed out as they are, never decoded and encoded again, and only if their hash is the info-hash.
 *
 * @param known the raw dictionary where we have it; it is then offered to the peer
 * @param onInfo called with raw bytes from this peer whose hash fits
 */
export function useRawMetadata(
  wire: Wire,
  infoHash: string,
  known: Uint8Array | undefined,
  onInfo: (infoBytes: Uint8Array) => void,
): void {
  const extension = wire.ut_metadata
  const hold = (bytes: Uint8Array) => {
    extension.cancel()
    extension.metadata = bytes
    extension._metadataComplete = true
    extension._metadataSize = bytes.length
    wire.extendedHandshake.metadata_size = bytes.length
  }
  extension.setMetadata = async bytes => {
    if (extension._metadataComplete) return true
    if (!ArrayBuffer.isView(bytes)) return false
    if (createHash('sha1').update(bytes).digest('hex') !== infoHash) return false
    hold(bytes)
    onInfo(bytes)
    return true
  }
  const onMessage = extension.onMessage.bind(extension)
  extension.onMessage = bytes => {
    try {
      onMessage(bytes)
    } catch {
      wire.destroy()
    }
  }
  if (known) hold(known)
}

/** Offers the dictionary, now that it is known, to a peer that we were connected to before. */
export function offerMetadata(wire: Wire, infoBytes: Uint8Array): void {
  void wire.ut_metadata.setMetadata(infoBytes)
}
