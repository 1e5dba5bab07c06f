import type { GetOptions, Swarm } from '../../swarm/index.ts'
import type { CleanCopies } from './clean-copies.ts'
import type { EntryStore } from './entry-store.ts'
import type { Goals } from './goals.ts'
import type { Item } from './item.ts'
import type { QueueLimits } from './queue.ts'

export interface ShelfInit {
  readonly swarm: Swarm
  readonly store: EntryStore
  readonly copies: CleanCopies
  /** Folder that is fetched into where nothing else is said. */
  readonly downloads: () => string
  readonly limits: () => QueueLimits & Goals
  /** On what terms something is fetched, by who wanted it. @default none of its own */
  readonly terms?: ((origin: string) => FetchTerms) | undefined
  /** Told where something goes wrong that nobody waits for. */
  readonly onProblem: (what: string, error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  /** Monotonic, in milliseconds. */
  readonly monotonicMs?: (() => number) | undefined
}

/** What a part of the box asks of what it wants to be fetched. */
export type FetchTerms = Pick<GetOptions, 'prepare' | 'allowPrivateAddresses'>

export interface ShelfEvents {
  added: [item: Item]
  /** Its state, name, limits or labels are others now. */
  changed: [item: Item]
  /** Everything wanted is there, for the first time. */
  done: [item: Item]
  removed: [item: Item]
}

/** What adding came to. */
export interface AddedItem {
  readonly item: Item
  /** `false` where it was there already. */
  readonly isNew: boolean
}

/** How one is added. */
export interface PutOptions {
  readonly origin: string
  readonly labels?: readonly string[] | undefined
  readonly isPaused?: boolean | undefined
  /** @default the settings' folder for downloads */
  readonly folder?: string | undefined
  /** Of a share: the file or folder that it is made of, where that is one. */
  readonly path?: string | undefined
  readonly peers?: readonly string[] | undefined
  /** Files to fetch, as `p2pshare get --select` takes them: see `chooseLater`. @default all */
  readonly select?: readonly string[] | undefined
}
