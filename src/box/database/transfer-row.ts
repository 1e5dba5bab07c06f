/** A transfer that the box keeps, as a row. Times are milliseconds since 1970, lists JSON. */
export interface TransferRow {
  /** From 1, never given twice: what scripts and the Transmission RPC call it. */
  readonly id: number
  readonly info_hash: string
  readonly name: string
  /** `get`: fetched of others; `share`: made of files that are only ever read. */
  readonly kind: 'get' | 'share'
  /** Magnet link that it came by, empty where it came as a torrent. */
  readonly magnet: string
  /** The .torrent, once it is known. */
  readonly torrent: Uint8Array | null
  /** Of a share: paths, sizes and times of the files it was made of, as JSON; else empty. */
  readonly sources: string
  /** Of a get: the folder that it is put in; else empty. */
  readonly folder: string
  /** Of a share: the file or folder that it was made of; empty for a get, and where it was made of several. */
  readonly path: string
  /** Who wanted it: `api`, `watch:<folder>`, `catalog:<key>`, `feed:<url>`. */
  readonly origin: string
  readonly labels: string
  readonly added_at: number
  readonly done_at: number | null
  readonly is_paused: number
  readonly queue_place: number
  readonly upload_limit: number | null
  readonly download_limit: number | null
  /** 0 never rests; `null` as the settings have it. */
  readonly ratio_goal: number | null
  readonly seed_ms_goal: number | null
  /** By place in the metainfo's files, as JSON pairs; empty for all alike. */
  readonly priorities: string
  /** That were given by hand, as a JSON list of `host:port`; empty for none. */
  readonly peers: string
  /** Of all runs before, bytes. */
  readonly uploaded: number
  readonly downloaded: number
  readonly seeding_ms: number
}
