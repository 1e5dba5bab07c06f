import type { Hex } from './info-hash.ts'

/** One file of a torrent, pads included, in the order of the torrent. */
export interface TorrentFile {
  /**
   * Safe path below the download folder: cleaned components joined with `/`, the torrent's own name first where it
   * holds several files, never two alike but for pads (see core/unique-paths).
   */
  readonly path: string
  readonly sizeBytes: number
  /** Where the file starts in the torrent's content, pads counted. */
  readonly offset: number
  /** A BEP 47 pad: zeros that are never written. */
  readonly isPad: boolean
  /** A BEP 47 symbolic link. It is never made nor followed, and holds no bytes. */
  readonly isLink: boolean
  /** BEP 52: root of the file's merkle tree, 32 bytes; absent in v1 torrents and for empty files. */
  readonly piecesRoot?: Uint8Array
}

/** A torrent file that has been checked. Everything in it is frozen and bounded. */
export interface Metainfo {
  /** The .torrent file as it was read, byte for byte. */
  readonly bytes: Uint8Array
  /** The raw bytes of its `info` dictionary: what the info-hashes are taken over, and what BEP 9 hands to peers. */
  readonly infoBytes: Uint8Array
  /** `v1` (BEP 3), `v2` (BEP 52) or both at once. */
  readonly format: 'v1' | 'v2' | 'hybrid'
  /** SHA-1 of `infoBytes`; absent where the torrent is v2 only. */
  readonly infoHash?: Hex
  /** SHA-256 of `infoBytes`; absent where the torrent is v1 only. */
  readonly infoHashV2?: Hex
  /** The cleaned name: the file's own, or the folder's. */
  readonly name: string
  readonly pieceLength: number
  readonly pieceCount: number
  /** v1 piece hashes, 20 bytes each, one after another; empty where the torrent is v2 only. */
  readonly pieces: Uint8Array
  /** v2 piece layers by pieces root (hex), 32 bytes a piece. */
  readonly pieceLayers: ReadonlyMap<Hex, Uint8Array>
  /** Bytes that the pieces cover, pads counted. */
  readonly contentLength: number
  /** Bytes of real files, without pads. */
  readonly sizeBytes: number
  readonly files: readonly TorrentFile[]
  /** Whether the torrent is a folder of files rather than one bare file. */
  readonly isAlbum: boolean
  /** BEP 27: only the torrent's own trackers may be told of it. */
  readonly isPrivate: boolean
  /** BEP 12: tiers of announce URLs. */
  readonly trackers: readonly (readonly string[])[]
  /** BEP 19 web seeds. */
  readonly webSeeds: readonly string[]
  readonly comment?: string
  readonly createdBy?: string
  readonly createdAt?: Date
}
