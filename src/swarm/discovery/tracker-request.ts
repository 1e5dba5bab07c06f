import type { AbortOptions } from '../../core/index.ts'

export type TrackerEvent = 'started' | 'completed' | 'stopped'

/** What an announce says of us and one torrent (BEP 3). */
export interface TrackerRequest {
  /** 20 bytes. */
  readonly infoHash: Uint8Array
  /** 20 bytes. */
  readonly peerId: Uint8Array
  /** TCP port that peers may reach us at. */
  readonly port: number
  /** Tells a tracker that we are the same as before, though our address may have changed; 32 bits. */
  readonly key: number
  readonly uploaded: number
  readonly downloaded: number
  /** Bytes that are missing. */
  readonly left: number
  /** How many peers are asked for. */
  readonly wanted: number
  readonly event: TrackerEvent | undefined
  readonly trackerId: Uint8Array | undefined
}

export interface TrackerAskOptions extends AbortOptions {
  /** Whether the tracker may be at a private or loopback address. */
  readonly allowPrivate: boolean
  readonly timeoutMs: number
}
