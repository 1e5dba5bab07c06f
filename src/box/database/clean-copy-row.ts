/** A copy without its position that something is, or was, shared from. */
export interface CleanCopyRow {
  /** Absolute. */
  readonly path: string
  /** What is shared from it; once that is forgotten the file is deleted, and then this row. */
  readonly transfer_id: number
}
