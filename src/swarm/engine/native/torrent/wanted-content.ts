import type { Bitfield } from '../../../../core/index.ts'
import type { TorrentContent } from '../../../engine.ts'

/** The same content with other pieces wanted, its store still not opened before it is needed. */
export function withWanted(content: TorrentContent, wanted: Bitfield, levels?: Uint8Array): TorrentContent {
  const { metainfo, have, webSeeds, allowsPrivate } = content
  return {
    ...{ metainfo, have, wanted, webSeeds, allowsPrivate, levels },
    get store() {
      return content.store
    },
    onVerified: (piece, bytes) => content.onVerified?.(piece, bytes),
  }
}

/** Whether nothing that is wanted is missing. */
export function holdsAllWanted({ have, wanted }: TorrentContent): boolean {
  return wanted.bytes.every((byte, at) => (byte & ~have.bytes[at]!) === 0)
}
