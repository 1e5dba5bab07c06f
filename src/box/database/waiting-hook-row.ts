/** A program of a hook that is still to be run. */
export interface WaitingHookRow {
  /** In the order in which they are to be run. */
  readonly number: number
  readonly event: 'added' | 'done'
  /** Names it in the log. */
  readonly title: string
  /** What it is told in its environment, as JSON. */
  readonly variables: string
}
