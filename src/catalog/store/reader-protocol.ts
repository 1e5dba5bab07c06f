import type { IndexedRecord } from './indexed-record.ts'

/** Lines for a thread to read. */
export interface ReadOrder {
  readonly id: number
  /** The import that they are of. */
  readonly importId: number
  readonly lines: readonly string[]
}

/** What became of a line, or why it was refused; its JSON, which whoever sent it has, is left out. */
export type LineRead =
  | Omit<IndexedRecord, 'json'>
  | { readonly fault: { readonly code: string; readonly message: string } }

export interface ReadReply {
  readonly id: number
  readonly read: readonly LineRead[]
}
