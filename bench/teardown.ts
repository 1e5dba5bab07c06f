import type { Owner } from '../test/kit/owner.ts'

/** What a measurement has opened, ended in the opposite order. */
export class Teardown implements Owner, AsyncDisposable {
  readonly #undo: (() => void | PromiseLike<void>)[] = []

  teardown(undo: () => void | PromiseLike<void>): void {
    this.#undo.push(undo)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) await undo()
  }
}
