import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { fileSystemError, P2pShareError } from '../../../core/index.ts'
import { withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatCount } from '../../format.ts'
import { option } from '../../options.ts'

interface ExportFlags {
  out?: string
}

export const exportListings: CliCommand<ExportFlags> = {
  examples: [
    ['p2pshare catalog export "Zoo clips" -o zoo.jsonl', 'keep the signed listings in a file'],
    ['p2pshare catalog export 1 | jq -r .title', 'read them with another program'],
  ],
  define(command: Command) {
    command
      .argument('<catalog>', 'by name, number, link or key')
      .addOption(option('-o, --out <file>', 'write to this new file (default: stdout)'))
  },
  async run({ env, printer, args, flags }) {
    const [reference = ''] = args
    const isPiped = flags.out === undefined || flags.out === '-'
    if (isPiped && printer.isJson)
      throw new P2pShareError('ERR_USAGE', 'The lines are JSON already: --json needs --out and a file')
    let count = 0
    async function* lines(records: AsyncIterable<string>) {
      for await (const json of records) {
        env.signal.throwIfAborted()
        count++
        yield `${json}\n`
      }
    }
    await withCatalog(env, async catalog => {
      const records = lines(catalog.export(reference))
      if (isPiped) for await (const line of records) env.stdout.write(line)
      else await write(resolve(env.cwd, flags.out!), records, env.signal)
    })
    if (isPiped) return
    const path = resolve(env.cwd, flags.out!)
    printer.event('exported', { path, listingCount: count })
    printer.result(path)
    printer.note(`${formatCount(count, 'listing')} written`)
  },
}

/** A part of a file is worse than none. */
async function write(path: string, lines: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx' })
  try {
    await pipeline(lines, file, { signal })
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!isTaken) await rm(path, { force: true }).catch(() => {})
    signal.throwIfAborted()
    throw (error as NodeJS.ErrnoException).syscall ? fileSystemError(error, path, 'write') : error
  }
}
