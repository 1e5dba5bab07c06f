import { P2pShareError, raceAbort } from '../core/index.ts'
import type { Env } from './env.ts'

const maxLineLength = 8_192
/** What keys send: the end of the line, of the input, Ctrl-C, and taking back one or all. */
const keys = { enter: /[\r\n]/, end: '\u0004', interrupt: '\u0003', back: /[\b\u007f]/, clear: '\u0015' }

/** Asks on the terminal: questions on stderr, answers from stdin, a line each. */
export class Prompt {
  readonly #env: Env
  readonly #chunks: AsyncIterator<Uint8Array | string>
  readonly #decoder = new TextDecoder()
  #pending = ''

  constructor(env: Env) {
    this.#env = env
    this.#chunks = env.stdin[Symbol.asyncIterator]()
  }

  /**
   * Asks for a line.
   *
   * @param suggestion shown in brackets, and what an empty line stands for
   * @throws {P2pShareError} `ERR_USAGE` where the input ends
   */
  async ask(question: string, suggestion = ''): Promise<string> {
    this.#env.stderr.write(`${question}${suggestion === '' ? '' : ` [${suggestion}]`}: `)
    return (await this.#readLine()).trim() || suggestion
  }

  /** Asks for a yes; anything else is a no. */
  async confirm(question: string): Promise<boolean> {
    this.#env.stderr.write(`${question} [y/N] `)
    return /^y(es)?$/i.test((await this.#readLine()).trim())
  }

  /** Asks for a line that is not shown while it is typed. */
  async askHidden(question: string): Promise<string> {
    const { stdin, stderr } = this.#env
    stderr.write(`${question}: `)
    stdin.setRawMode?.(true)
    try {
      return await this.#readKeys()
    } finally {
      stdin.setRawMode?.(false)
      stderr.write('\n')
    }
  }

  async #readLine(): Promise<string> {
    for (;;) {
      const end = this.#pending.search(keys.enter)
      if (end >= 0) return this.#take(end)
      await this.#more()
    }
  }

  async #readKeys(): Promise<string> {
    let typed = ''
    for (;;) {
      for (const [index, key] of [...this.#pending].entries()) {
        if (keys.enter.test(key)) {
          this.#pending = [...this.#pending].slice(index + 1).join('')
          return typed
        }
        if (key === keys.interrupt) {
          this.#env.interrupt()
          this.#env.signal.throwIfAborted()
        }
        if (key === keys.end) throw inputEnded()
        if (keys.back.test(key)) typed = [...typed].slice(0, -1).join('')
        else if (key === keys.clear) typed = ''
        else typed += key
      }
      this.#pending = ''
      await this.#more()
    }
  }

  #take(end: number): string {
    const line = this.#pending.slice(0, end)
    this.#pending = this.#pending.slice(end).replace(/^\r?\n|^\r/, '')
    return line
  }

  async #more(): Promise<void> {
    const { done, value } = await raceAbort(this.#chunks.next(), this.#env.signal)
    if (done) throw inputEnded()
    this.#pending += typeof value === 'string' ? value : this.#decoder.decode(value, { stream: true })
    if (this.#pending.length > maxLineLength)
      throw new P2pShareError('ERR_USAGE', `An answer takes at most ${maxLineLength} characters`)
  }
}

function inputEnded(): P2pShareError {
  return new P2pShareError('ERR_USAGE', 'The input ended before the question was answered')
}
