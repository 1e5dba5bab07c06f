import type { Command, OptionValues } from 'commander'
import type { Env } from './env.ts'
import type { Printer } from './printer.ts'

/** One verb of the command line. Its module loads nothing heavy before `run`. */
export interface CliCommand<Flags = OptionValues> {
  /** Command lines that work as they stand, each with what it is for. */
  readonly examples: readonly (readonly [line: string, meaning: string])[]
  /** Declares arguments and options. */
  define(command: Command): void
  /** Resolves when the command has done what it was asked for; anything else is thrown. */
  run(invocation: Invocation<Flags>): Promise<void>
}

/** One call of a verb, options checked and filled in from the environment. */
export interface Invocation<Flags = OptionValues> {
  readonly env: Env
  readonly printer: Printer
  readonly args: readonly string[]
  readonly flags: Flags
  /** Makes the whole command line, for whoever describes it. */
  program(): Promise<Command>
}
