import { fileSystemError } from '../../core/index.ts'

/** What could not be read or shared, each told once for as long as it lasts. */
export class Troubles {
  readonly #onProblem: (what: string, error: unknown) => void
  readonly #told = new Map<string, ReadonlySet<string>>()

  constructor(onProblem: (what: string, error: unknown) => void) {
    this.#onProblem = onProblem
  }

  /** What is wrong with a thing at the moment; what was wrong with it before, and is not named, is over. */
  set(path: string, errors: readonly unknown[]): void {
    const before = this.#told.get(path)
    const now = new Set<string>()
    for (const error of errors) {
      const { message } = error as Error
      if (!now.has(message) && !before?.has(message))
        this.#onProblem(`In a watched folder ${path} has to wait`, error)
      now.add(message)
    }
    if (now.size > 0) this.#told.set(path, now)
    else this.#told.delete(path)
  }

  /** Everything at or below a folder that is not watched any more. */
  clear(): void {
    this.#told.clear()
  }
}

/** An error of the file system, with the name of what it is about. */
export function unreadable({ path, error }: { path: string; error: unknown }): Error {
  return fileSystemError(error, path, 'read')
}
