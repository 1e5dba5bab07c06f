import type { P2pShareError } from '../../core/index.ts'

/** What was found out about one part of the machine. */
export interface Check {
  readonly name: string
  /** `off`: not looked at, because it was switched off. */
  readonly status: 'ok' | 'warn' | 'fail' | 'off'
  readonly detail: string
  /** What to do about it. */
  readonly remedy?: string
  /** With `fail`: what a command would run into. */
  readonly error?: P2pShareError
}
