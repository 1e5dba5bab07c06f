import type { Ora } from 'ora'
import { displayWidth, fitWidth } from './display-width.ts'
import { type Env, hasColor, isLive } from './env.ts'
import { formatBar } from './format.ts'
import type { Printer } from './printer.ts'

const liveEveryMs = 250
const plainEveryMs = 10_000
/** Of what is up for months. */
const liveServiceEveryMs = 1_000
const plainServiceEveryMs = 3_600_000
const spinnerColumns = 3
const leastLabelColumns = 10

/** What is going on, in one line. */
export interface Status {
  readonly label: string
  /** How much is done, 0 to 1; draws a bar where lines can be rewritten. */
  readonly part?: number | undefined
  readonly details: string
  /** What changes all the time, and is shown only where the line is rewritten. */
  readonly aside?: string
}

/**
 * The one line on stderr that tells what is going on. On a terminal it is rewritten in place, at most four times a
 * second; elsewhere a plain line is printed now and then, where something changed. Silent with `--json`.
 */
export class StatusLine {
  /** How long to wait between two updates that anyone would see. */
  readonly intervalMs: number
  /** The same for what only says that it is up: on a terminal each second, and each hour in a log, which is not to fill with it. */
  readonly serviceIntervalMs: number
  readonly #env: Env
  readonly #printer: Printer
  readonly #spinner: Ora | undefined
  #printedMs: number
  #printed = ''

  private constructor(env: Env, printer: Printer, spinner: Ora | undefined) {
    this.#env = env
    this.#printer = printer
    this.#spinner = spinner
    this.#printedMs = env.clock.monotonicMs()
    this.intervalMs = spinner ? liveEveryMs : 2 * liveEveryMs
    this.serviceIntervalMs = spinner ? liveServiceEveryMs : plainServiceEveryMs
  }

  static async open(env: Env, printer: Printer): Promise<StatusLine> {
    if (printer.isJson || !isLive(env.stderr, env)) return new StatusLine(env, printer, undefined)
    const { default: ora } = await import('ora')
    const spinner = ora({
      stream: env.stderr,
      isEnabled: true,
      discardStdin: false,
      color: hasColor(env.stderr, env) ? 'cyan' : false,
      spinner: { interval: liveEveryMs, frames: ['●', '●', '○', '○'] },
    })
    return new StatusLine(env, printer, spinner)
  }

  update(status: Status): void {
    if (this.#spinner) this.#rewrite(status)
    else this.#print(`${status.label} ${status.details}`)
  }

  /** Takes the line away and leaves the cursor as it was. */
  close(): void {
    this.#spinner?.stop()
  }

  /** Where it gets narrow the aside goes first, then the end of the label. */
  #rewrite({ label, part, details, aside = '' }: Status): void {
    const spinner = this.#spinner!
    const columns = this.#columns - spinnerColumns
    const rest = ` ${part === undefined ? '' : this.#bar(part)}${details}`
    const room = columns - displayWidth(rest)
    const line = `${fitWidth(label, Math.max(room, leastLabelColumns))}${rest}`
    const hasRoom = displayWidth(line) + displayWidth(aside) <= columns
    spinner.text = hasRoom ? `${line}${aside}` : fitWidth(line, columns)
    if (!spinner.isSpinning) spinner.start()
  }

  #print(text: string): void {
    const nowMs = this.#env.clock.monotonicMs()
    if (text === this.#printed || nowMs - this.#printedMs < plainEveryMs) return
    this.#printed = text
    this.#printedMs = nowMs
    this.#printer.note(text)
  }

  #bar(part: number): string {
    const width = this.#columns >= 100 ? 24 : this.#columns >= 70 ? 12 : 0
    return width > 0 ? `${formatBar(part, width)} ` : ''
  }

  get #columns(): number {
    return this.#env.stderr.columns ?? 80
  }
}
