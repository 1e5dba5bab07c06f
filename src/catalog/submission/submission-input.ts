/** What is handed in: the work as one of `torrent`, `magnet` and `listing`, and what is said of it. */
export interface SubmissionInput {
  /** The bytes of a .torrent file, at most 10 MB. */
  readonly torrent?: Uint8Array | undefined
  readonly magnet?: string | undefined
  /** A listing's JSON as its publisher signed it. It says everything itself, so that only `email` is read beside it. */
  readonly listing?: string | undefined
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly section?: string | undefined
  /** A list, or words with commas between them. */
  readonly tags?: string | readonly string[] | undefined
  /** As people write it: see `normalizeLicense`. */
  readonly license?: string | undefined
  readonly creator?: string | undefined
  readonly language?: string | undefined
  /** Where the decision is told. */
  readonly email: string
}

/** The fields of a listing that a moderator may change before it is signed. */
export type SubmissionChanges = Partial<
  Pick<SubmissionInput, 'title' | 'description' | 'section' | 'tags' | 'license' | 'creator' | 'language'>
>
