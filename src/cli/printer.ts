import type { Env } from './env.ts'

/** Where a command's words go: results to stdout, everything else to stderr, and with `--json` objects to stdout. */
export class Printer {
  readonly isJson: boolean
  readonly #env: Env

  constructor(env: Env, isJson: boolean) {
    this.#env = env
    this.isJson = isJson
  }

  /** A line of the result, for a person or a script that reads lines. Nothing with `--json`. */
  result(line: string): void {
    if (!this.isJson) this.#env.stdout.write(`${line}\n`)
  }

  /** One object on one line of stdout, with `--json` only. */
  event(event: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.isJson) this.#env.stdout.write(`${JSON.stringify({ event, ...fields })}\n`)
  }

  /** Something worth knowing on the way. Nothing with `--json`. */
  note(text: string): void {
    if (!this.isJson) this.#env.stderr.write(`${text}\n`)
  }
}
