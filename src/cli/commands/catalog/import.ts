import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { fileSystemError, P2pShareError } from '../../../core/index.ts'
import { withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import type { Env } from '../../env.ts'
import { formatCount } from '../../format.ts'
import { option } from '../../options.ts'

interface ImportFlags {
  to?: string
}

/** Longer than any record. */
const maxLineLength = 65_536

export const importListings: CliCommand<ImportFlags> = {
  examples: [
    ['p2pshare catalog import zoo.jsonl --to "Zoo clips"', 'take listings that catalog export wrote'],
    ['p2pshare catalog export 2 | p2pshare catalog import -', 'take over what another catalog holds'],
  ],
  define(command: Command) {
    command
      .argument('<file>', 'signed listings, one a line; - for stdin')
      .addOption(option('--to <catalog>', 'the catalog of yours (default: the only one)'))
  },
  async run({ env, printer, args, flags }) {
    const [word = ''] = args
    const { taken, refused } = await withCatalog(env, catalog =>
      catalog.import(linesOf(word, env), { to: flags.to, signal: env.signal }),
    )
    printer.event('imported', { taken, refused })
    printer.result(`${formatCount(taken, 'listing')} taken`)
    if (refused > 0)
      printer.note(`${formatCount(refused, 'line')} refused: no listing, or not signed by its publisher`)
  },
}

async function* linesOf(word: string, env: Env): AsyncGenerator<string, undefined> {
  const path = resolve(env.cwd, word)
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of word === '-' ? env.stdin : createReadStream(path)) {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      if (rest.length > maxLineLength)
        throw new P2pShareError('ERR_INVALID_LISTING', `A line in ${word} is longer than any listing`)
      yield* lines.filter(line => line !== '')
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? fileSystemError(error, path, 'read') : error
  }
  if (rest !== '') yield rest
}
