import { fileSystemError } from '../../core/index.ts'

/** Told by name of each folder; the others are counted. */
const maxNamed = 5

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
      const isNamed = message.includes(path)
      const text = isNamed ? message : `${path}: ${message}`
      if (!now.has(text) && !before?.has(text))
        this.#onProblem(isNamed ? 'In a watched folder' : `In a watched folder, ${path}`, error)
      now.add(text)
    }
    if (now.size > 0) this.#told.set(path, now)
    else this.#told.delete(path)
  }

  /** What is wrong with things of a folder: one thing each, a few of them, and how many others there are. */
  notices(folder: string): string[] {
    const notices = [...this.#told.values().take(maxNamed)].flatMap(texts => [...texts].slice(0, 1))
    const others = this.#told.size - notices.length
    if (others > 0) notices.push(`${others} more in ${folder} cannot be shared as they are: see the log`)
    return notices
  }
}

/** An error of the file system, with the name of what it is about. */
export function unreadable({ path, error }: { path: string; error: unknown }): Error {
  return fileSystemError(error, path, 'read')
}
