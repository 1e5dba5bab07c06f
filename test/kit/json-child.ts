import { createInterface } from 'node:readline'
import { type Child, startChild } from './child.ts'
import type { Owner } from './owner.ts'

/** A program that takes a JSON command a line on stdin, and answers each by a JSON line on stdout. */
export class JsonChild {
  readonly #name: string
  readonly #child: Child
  readonly #answers: AsyncIterator<string>

  constructor(owner: Owner, name: string, program: string, args: string[]) {
    this.#name = name
    this.#child = startChild(owner, program, args)
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Sends one command and waits for its answer; one at a time. */
  async ask<T>(command: string, parameters: object = {}): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify({ do: command, ...parameters })}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`${this.#name} ended: ${this.#child.output()}`)
    const answer = JSON.parse(value) as T & { failed?: string }
    if (answer.failed) throw new Error(`${this.#name} cannot ${command}: ${answer.failed}`)
    return answer
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }
}
