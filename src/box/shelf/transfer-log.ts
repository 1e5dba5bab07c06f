import type { Item, ItemState } from './item.ts'
import type { Shelf } from './shelf.ts'

/** Something that happened to a transfer. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly what: 'added' | 'state' | 'done'
  readonly state: ItemState
  /** Why it is in that state, for a person. */
  readonly reason: string | undefined
}

const mostKept = 200
/** What everything complete goes through at each start of the box. */
const routine: ReadonlySet<ItemState> = new Set<ItemState>(['starting', 'queued', 'checking', 'seeding'])

/** What happened to each transfer in this run of the box, in memory. Those that nothing happened to take no room. */
export class TransferLog {
  readonly #entries = new Map<number, LogEntry[]>()
  readonly #now: () => number

  constructor(shelf: Shelf, now: () => number = Date.now) {
    this.#now = now
    shelf.on('added', item => this.#note(item, 'added'))
    shelf.on('changed', item => this.#onChanged(item))
    shelf.on('done', item => this.#note(item, 'done'))
    shelf.on('removed', ({ id }) => this.#entries.delete(id))
  }

  /** The newest last, 200 at most of this run; of earlier ones when it was added and when it was done. */
  of({ id, entry }: Item): readonly LogEntry[] {
    const entries = this.#entries.get(id) ?? []
    const kept = keptOf(entry).filter(({ what }) => !entries.some(other => other.what === what))
    return [...kept, ...entries]
  }

  #onChanged(item: Item): void {
    const last = this.#entries.get(item.id)?.at(-1)
    if (!last && item.isDone && routine.has(item.state)) return
    if (last?.state === item.state && last.reason === item.reason?.message) return
    this.#note(item, 'state')
  }

  #note(item: Item, what: LogEntry['what']): void {
    const entries = this.#entries.get(item.id) ?? []
    this.#entries.set(item.id, entries)
    entries.push({ at: this.#now(), what, state: item.state, reason: item.reason?.message })
    if (entries.length > mostKept) entries.shift()
  }
}

/** What the box keeps of each transfer anyway. */
function keptOf({ addedAt, doneAt }: Item['entry']): LogEntry[] {
  const added: LogEntry = { at: addedAt, what: 'added', state: 'starting', reason: undefined }
  if (doneAt === undefined) return [added]
  return [added, { at: doneAt, what: 'done', state: 'seeding', reason: undefined }]
}
