import { type FSWatcher, watch } from 'node:fs'
import { platform } from 'node:os'
import { basename, sep } from 'node:path'

export interface FolderEventsInit {
  readonly root: string
  /** Something happened to a direct child of the folder, or below it; `undefined` where it is not said to which. */
  readonly onEvent: (name: string | undefined) => void
  /** The system watches no more folders: from now on they have to be looked at now and then. Called once. */
  readonly onRefused: (error: Error) => void
  readonly watch?: typeof watch | undefined
}

/**
 * Hears what happens in a folder and those below it. On Linux each folder is watched by itself, not its files: the system allows so
 * many watches, and its own watching of whole trees takes one a file. Elsewhere the system watches the tree.
 */
export class FolderEvents {
  readonly #init: FolderEventsInit
  readonly #isTree = platform() === 'darwin' || platform() === 'win32'
  /** By direct child, or `''` for the folder itself, and then by folder. */
  readonly #watchers = new Map<string, Map<string, FSWatcher>>()
  #isRefused = false

  constructor(init: FolderEventsInit) {
    this.#init = init
  }

  /** Watches the folder itself; once. */
  open(): void {
    this.#add('', this.#init.root)
  }

  /** Watches a folder at or below a direct child; once. */
  add(name: string, folder: string): void {
    if (!this.#isTree) this.#add(name, folder)
  }

  /** Watches of a direct child only those folders any more. */
  keepOnly(name: string, folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers.get(name) ?? [])
      if (!folders.has(folder)) this.#close(name, folder, watcher)
  }

  close(): void {
    for (const name of this.#watchers.keys()) this.keepOnly(name, new Set())
    this.#isRefused = false
  }

  #add(name: string, folder: string): void {
    if (this.#watchers.get(name)?.has(folder) || this.#isRefused) return
    try {
      const watcher = (this.#init.watch ?? watch)(
        folder,
        { recursive: this.#isTree, persistent: false },
        (_, file) => this.#onEvent(name, folder, file),
      )
      watcher.on('error', () => this.#onEvent(name, folder, basename(folder)))
      const ofChild = this.#watchers.get(name) ?? new Map()
      this.#watchers.set(name, ofChild.set(folder, watcher))
    } catch (error) {
      // One that is gone, or closed to us, is found to be so by whoever looks next.
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return
      this.#isRefused = true
      this.#init.onRefused(error as Error)
    }
  }

  #onEvent(name: string, folder: string, file: string | null): void {
    // By its own name a folder tells that it was moved or deleted: what is there later is another one, to be watched anew.
    if (file === basename(folder)) this.keepOnly(name, new Set())
    if (name !== '') this.#init.onEvent(name)
    else this.#init.onEvent(file?.split(sep, 1)[0] || undefined)
  }

  #close(name: string, folder: string, watcher: FSWatcher): void {
    watcher.close()
    const ofChild = this.#watchers.get(name)
    ofChild?.delete(folder)
    if (ofChild?.size === 0) this.#watchers.delete(name)
  }
}
