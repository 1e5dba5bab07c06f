/** Where a leech of another client finds the content. A client uses what it understands of it. */
export interface LeechOptions {
  /** A tracker on loopback that the seed announces to. */
  tracker?: string
  /** Addresses of peers that have the content, `host:port`. */
  peers?: readonly string[]
}

/**
 * Another BitTorrent client with one torrent, alone with loopback: no DHT, local discovery, peer exchange or port
 * mapping. It ends with its owner.
 */
export interface ExternalPeer {
  readonly name: string
  /** The process that does the work, for measurements. */
  readonly pid: number
  /** Seeds a torrent whose content lies in `folder`. Answers where others reach it, `host:port`, once it seeds. */
  seed(torrent: Uint8Array, folder: string): Promise<string>
  /** Starts to download into `folder`. Answers where others reach it, `host:port`. */
  leech(torrent: Uint8Array, folder: string, options: LeechOptions): Promise<string>
  /** Resolves once the download is complete and on the disk. */
  finished(): Promise<void>
  stop(): Promise<void>
}
