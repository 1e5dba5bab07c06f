import type { SpanName } from './spans.ts'

/** A stretch of time. Rates are bytes a second, peers the mean. */
export interface HistoryStep {
  /** Its beginning, ISO 8601. */
  readonly at: string
  /** How much of it the box was there for. */
  readonly seconds: number
  readonly uploadedBytes: number
  readonly downloadedBytes: number
  readonly uploadBytesPerSecond: number
  readonly downloadBytesPerSecond: number
  readonly peers: number
}

/** What went through the box in the last hour, day or month. */
export interface HistoryView {
  readonly span: SpanName
  /** How long a step is: 10 of an hour, 60 of a day, 3,600 of a month. */
  readonly stepSeconds: number
  readonly uploadedBytes: number
  readonly downloadedBytes: number
  /** Oldest first; while the box did not run there is none. */
  readonly steps: readonly HistoryStep[]
}
