import type { Command } from 'commander'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { homeOf } from '../../env.ts'
import { option, wholeNumber } from '../../options.ts'

interface LogsFlags {
  follow?: boolean
  lines?: number
}

const usualLines = 100
const lookEveryMs = 500

export const logs: CliCommand<LogsFlags> = {
  examples: [
    ['p2pshare box logs', 'the last 100 lines, whether the box runs or not'],
    ['p2pshare box logs -f -n 0', 'what is written from now on'],
  ],
  define(command: Command) {
    command
      .addOption(option('-f, --follow', 'go on with what is written from now on'))
      .addOption(
        wholeNumber(
          '-n, --lines <count>',
          `how many of the last lines (default: ${usualLines})`,
          0,
          1_000_000,
        ),
      )
  },
  async run({ env, printer, flags }) {
    const { boxLog } = await import('../../../box/index.ts')
    const log = boxLog(homeOf(env))
    const print = (lines: readonly string[]) => {
      for (const line of lines) tell(line, printer)
    }
    print(await log.tail(flags.lines ?? usualLines))
    while (flags.follow) {
      await env.clock.wait(lookEveryMs, env.signal)
      print(await log.more())
    }
  },
}

function tell(line: string, printer: Invocation['printer']): void {
  const space = line.indexOf(' ')
  printer.event('log', { at: line.slice(0, space), message: line.slice(space + 1) })
  printer.result(line)
}
