import type { Hex, SourceFile } from '../../core/index.ts'

/** What a person wants of a transfer, and what became of it in earlier runs. Rates are bytes a second, times milliseconds. */
export interface Entry {
  /** From 1, never given twice. */
  readonly id: number
  readonly infoHash: Hex
  readonly name: string
  /** Where it comes from: others, or files of this machine that are only ever read. */
  readonly source: EntrySource
  /** Who wanted it. */
  readonly origin: string
  readonly labels: readonly string[]
  readonly addedAt: number
  /** When everything wanted was there for the first time. */
  readonly doneAt: number | undefined
  readonly isPaused: boolean
  readonly queuePlace: number
  readonly limits: { readonly upload: number | undefined; readonly download: number | undefined }
  /** `undefined` as the settings have it, 0 never. */
  readonly goals: { readonly ratio: number | undefined; readonly seedMs: number | undefined }
  /** By place in the metainfo's files: 0 not wanted, 1 to 7. */
  readonly priorities: ReadonlyMap<number, number>
  /** That were given by hand, `host:port`: they are tried at each start. */
  readonly peers: readonly string[]
  /** Of the runs before this one. */
  readonly before: { readonly uploaded: number; readonly downloaded: number; readonly seedingMs: number }
}

interface EntrySource {
  readonly kind: 'get' | 'share'
  /** Magnet link that it came by, or that leads to what was fetched from a site; empty where somebody gave the torrent itself. */
  readonly magnet: string
  /** The folder that a get is put in. */
  readonly folder: string
  /** Of a share: the file or folder that it was made of, also where copies are shared; empty where it was made of several. */
  readonly path: string
}

/** What a transfer is begun with. Kept in the database alone: of thousands it would fill the memory. */
export interface EntryMaterial {
  /** The .torrent, once it is known. */
  readonly torrent: Uint8Array | undefined
  /** Of a share: the files that it was made of. */
  readonly files: readonly SourceFile[]
}

/** What can be changed of an entry. */
export type EntryChange = Partial<
  Pick<
    Entry,
    | 'name'
    | 'labels'
    | 'doneAt'
    | 'isPaused'
    | 'queuePlace'
    | 'limits'
    | 'goals'
    | 'priorities'
    | 'peers'
    | 'before'
    | 'source'
  >
>

export type NewEntry = Pick<
  Entry,
  'infoHash' | 'name' | 'source' | 'origin' | 'labels' | 'addedAt' | 'isPaused' | 'limits' | 'peers'
>
