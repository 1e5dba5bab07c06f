/** Whoever a thing of the kit is made for, and is ended with: an ava test (`t`), or a measurement. */
export interface Owner {
  /** Runs `undo` at the end, whatever happened; the last registered runs first. */
  teardown(undo: () => void | PromiseLike<void>): void
}
