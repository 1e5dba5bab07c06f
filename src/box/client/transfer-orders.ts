import type { AbortOptions } from '../../core/index.ts'
import type { SeedOptions } from '../../swarm/index.ts'
import type { ItemState } from '../shelf/item.ts'

/** Which transfers are listed, how many, and in which order. What is left out does not matter. */
export interface TransferQuery extends AbortOptions {
  readonly state?: ItemState | readonly ItemState[] | undefined
  readonly label?: string | undefined
  /** In the name, whatever its case. */
  readonly text?: string | undefined
  /** @default 'added' */
  readonly sort?: 'added' | 'name' | 'rate' | 'queue' | undefined
  /** @default all */
  readonly limit?: number | undefined
  /** @default 0 */
  readonly offset?: number | undefined
}

/** How a transfer is added: `id`, or the bytes of a `torrent`. */
export interface AddOptions {
  /** A magnet link, an info-hash or the address of a .torrent. */
  readonly id?: string | undefined
  readonly torrent?: Uint8Array | undefined
  readonly labels?: readonly string[] | undefined
  readonly isPaused?: boolean | undefined
  /** An absolute path on the machine of the box. @default its folder for downloads */
  readonly folder?: string | undefined
  /** To try at once, `host:port`. */
  readonly peers?: readonly string[] | undefined
  /** Files as `p2pshare get --select` takes them. @default all */
  readonly select?: readonly string[] | undefined
}

/** What can be changed of a transfer; what is left out stays, and `null` is none, or as the settings have it. */
export interface TransferChange {
  readonly labels?: readonly string[] | undefined
  /** Bytes a second. */
  readonly uploadLimit?: number | null | undefined
  /** Bytes a second. */
  readonly downloadLimit?: number | null | undefined
  /** 0 never rests. */
  readonly ratioGoal?: number | null | undefined
  /** 0 never rests. */
  readonly seedSecondsGoal?: number | null | undefined
  /** Where in the queue it goes. */
  readonly queue?: 'top' | 'up' | 'down' | 'bottom' | undefined
  /** Of files by their numbers from 1: 0 is not wanted, 1 last, 4 usual, 7 first. */
  readonly priorities?: readonly { readonly number: number; readonly priority: number }[] | undefined
  /** Fetch no other files than these. */
  readonly only?: readonly string[] | undefined
  /** Fetch these files no more. */
  readonly skip?: readonly string[] | undefined
}

/** What is done with many transfers. */
export interface SteerOrder {
  /** Their numbers, at most 10,000. */
  readonly ids: readonly number[]
  readonly do: 'pause' | 'resume' | 'recheck' | 'remove'
  /** With `remove`: whether to delete the files too that it wrote. @default false */
  readonly data?: boolean | undefined
}

type CreationOptions =
  | 'location'
  | 'name'
  | 'pieceLength'
  | 'comment'
  | 'include'
  | 'exclude'
  | 'hidden'
  | 'format'
  | 'isPrivate'

/** How files of the box's machine are shared. */
export interface ShareOptions extends Pick<SeedOptions, CreationOptions> {
  /** Absolute, on the machine of the box. */
  readonly paths: readonly string[]
  readonly labels?: readonly string[] | undefined
  readonly announce?: readonly string[] | undefined
  readonly webSeeds?: readonly string[] | undefined
}

/** Bytes a second over all transfers; `null` is without limit. */
export interface BoxLimits {
  readonly uploadLimit: number | null
  readonly downloadLimit: number | null
}
