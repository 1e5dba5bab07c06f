/** What went through in a stretch of time, as a row. */
export interface HistoryRow {
  /** Length of the stretch, in seconds: 10, 60 or 3,600. */
  readonly width: number
  /** Its beginning, in seconds since 1970. */
  readonly at: number
  /** How much of it was looked at. */
  readonly seconds: number
  readonly uploaded: number
  readonly downloaded: number
  /** Peers times seconds, for the mean. */
  readonly peer_seconds: number
}
