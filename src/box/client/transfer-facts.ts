import type { TransferView } from '../server/transfer-view.ts'
import type { ItemState } from '../shelf/item.ts'

/** A transfer that was added. */
export interface AddedTransfer extends TransferView {
  /** `false` where it was there already: it was given the labels and peers, and is else as it was. */
  readonly isNew: boolean
}

/** A file of a transfer. */
export interface FileView {
  /** From 1, as `p2pshare get --select` takes it. */
  readonly number: number
  readonly path: string
  readonly sizeBytes: number
  readonly haveBytes: number
  /** 0 is not wanted, 1 last, 4 usual, 7 first. */
  readonly priority: number
}

/** Which pieces of a transfer are here. */
export interface HeldPieces {
  readonly pieceCount: number
  readonly pieceLength: number
  /** One bit a piece, the first in the highest bit, in base64. */
  readonly have: string
}

/** Something that happened to a transfer. */
export interface TransferLogEntry {
  /** ISO 8601. */
  readonly at: string
  readonly what: 'added' | 'state' | 'done'
  readonly state: ItemState
  /** Why it is in that state, for a person. */
  readonly reason?: string | undefined
}

/** Files that stay though they were to be deleted: the box did not write them, or they were changed since. */
export interface LeftFiles {
  /** The first 1,000. */
  readonly left: readonly string[]
  /** How many there are in all. */
  readonly leftCount: number
}

/** What became of a `SteerOrder`. */
export interface SteerOutcome {
  /** With how many it was done, or begun. */
  readonly done: number
  readonly failed: readonly { readonly id: number; readonly code: string; readonly detail: string }[]
  /** How many files were not deleted though they were to be. */
  readonly left: number
}

/** What is shared from a path, or was fetched to it. */
export interface SharedLink {
  readonly path: string
  readonly name: string
  readonly infoHash: string
  readonly magnet: string
}
