import type { BoxClock } from '../clock.ts'
import type { HistoryRow } from '../database/history-row.ts'
import type { Item } from '../shelf/item.ts'
import type { HistoryStore } from './history-store.ts'
import type { HistoryStep, HistoryView } from './history-view.ts'
import { keptSeconds, type SpanName, spans } from './spans.ts'
import { TrafficMeter } from './traffic-meter.ts'

export interface HistoryInit {
  readonly store: HistoryStore
  readonly items: () => readonly Item[]
  readonly clock: BoxClock
  readonly onProblem: (error: unknown) => void
}

const lookMs = 10_000
/** Written this seldom, a disk at rest is left to rest; kill -9 loses so much. */
const looksPerWrite = 6

/** Charts for the dashboard: what went through in the last hour, day and month. */
export class History {
  readonly #init: HistoryInit
  readonly #meter: TrafficMeter
  /** Not written yet, by length and beginning. */
  #pending = new Map<string, HistoryRow>()
  #looks = 0
  #lastMs: number
  #cancel: (() => void) | undefined
  /** Of this run, in bytes. */
  readonly sums = { uploaded: 0, downloaded: 0 }

  constructor(init: HistoryInit) {
    this.#init = init
    this.#meter = new TrafficMeter(init.items)
    this.#lastMs = init.clock.monotonicMs()
  }

  start(): void {
    this.#cancel = this.#init.clock.after(lookMs, () => {
      this.#look()
      this.start()
    })
  }

  async stop(): Promise<void> {
    this.#cancel?.()
    this.#look({ isLast: true })
    await this.#write()
  }

  async read(name: SpanName): Promise<HistoryView> {
    await this.#write()
    const { stepSeconds, seconds } = spans[name]
    const rows = await this.#init.store.read(stepSeconds, this.#nowSeconds() - seconds)
    return {
      span: name,
      stepSeconds,
      uploadedBytes: rows.reduce((sum, { uploaded }) => sum + uploaded, 0),
      downloadedBytes: rows.reduce((sum, { downloaded }) => sum + downloaded, 0),
      steps: rows.map(stepOf),
    }
  }

  #look(options: { readonly isLast?: boolean } = {}): void {
    const nowMs = this.#init.clock.monotonicMs()
    const seconds = (nowMs - this.#lastMs) / 1_000
    this.#lastMs = nowMs
    if (seconds <= 0) return
    const { uploaded, downloaded, peers } = this.#meter.look(nowMs, options)
    this.sums.uploaded += uploaded
    this.sums.downloaded += downloaded
    for (const width of keptSeconds.keys())
      this.#gather({
        width,
        at: this.#nowSeconds() - (this.#nowSeconds() % width),
        seconds,
        uploaded,
        downloaded,
        peer_seconds: peers * seconds,
      })
    if (++this.#looks % looksPerWrite === 0) void this.#write()
  }

  #gather(row: HistoryRow): void {
    const key = `${row.width} ${row.at}`
    const known = this.#pending.get(key)
    this.#pending.set(key, known ? sumOf(known, row) : row)
  }

  async #write(): Promise<void> {
    const rows = [...this.#pending.values()]
    if (rows.length === 0) return
    this.#pending.clear()
    try {
      await this.#init.store.add(rows, this.#nowSeconds())
    } catch (error) {
      this.#init.onProblem(error)
    }
  }

  #nowSeconds(): number {
    return Math.floor(this.#init.clock.now().getTime() / 1_000)
  }
}

function sumOf(one: HistoryRow, other: HistoryRow): HistoryRow {
  return {
    ...one,
    seconds: one.seconds + other.seconds,
    uploaded: one.uploaded + other.uploaded,
    downloaded: one.downloaded + other.downloaded,
    peer_seconds: one.peer_seconds + other.peer_seconds,
  }
}

function stepOf({ at, seconds, uploaded, downloaded, peer_seconds }: HistoryRow): HistoryStep {
  return {
    at: new Date(at * 1_000).toISOString(),
    seconds,
    uploadedBytes: uploaded,
    downloadedBytes: downloaded,
    uploadBytesPerSecond: uploaded / seconds,
    downloadBytesPerSecond: downloaded / seconds,
    peers: peer_seconds / seconds,
  }
}
