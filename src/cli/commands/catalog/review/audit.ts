import type { Command } from 'commander'
import { visibleName } from '../../../../core/index.ts'
import type { CliCommand } from '../../../cli-command.ts'
import { wholeNumber } from '../../../options.ts'
import { defineSite, SiteClient, type SiteFlags } from '../../../site-client.ts'
import { formatTable } from '../../../table.ts'

interface AuditFlags extends SiteFlags {
  limit?: number
  before?: number
}

interface AuditAnswer {
  readonly number: number
  readonly at: string
  readonly moderator: string
  readonly action: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

const defaultLimit = 50

export const audit: CliCommand<AuditFlags> = {
  examples: [['p2pshare catalog review audit', 'who decided what, newest first']],
  define(command: Command) {
    command
      .addOption(wholeNumber('--limit <count>', 'rows of a page', 1, 200))
      .addOption(wholeNumber('--before <number>', 'only those before this one', 1, Number.MAX_SAFE_INTEGER))
    defineSite(command)
  },
  async run({ env, printer, flags }) {
    const { limit = defaultLimit, before } = flags
    const site = await SiteClient.open(flags, env)
    const { entries } = await site.get<{ entries: AuditAnswer[] }>('audit', { limit, before })
    for (const entry of entries) printer.event('audit', { ...entry })
    if (printer.isJson) return
    const rows = entries.map(({ number, at, moderator, action, subject }) => [
      `${number}`,
      at.slice(0, 16).replace('T', ' '),
      visibleName(moderator),
      visibleName(action),
      visibleName(subject),
    ])
    printer.result(await formatTable(['>#', 'When (UTC)', 'Who', 'Did', 'What'], rows, env.stdout, env))
    if (entries.length === limit) printer.note(`Earlier ones: --before ${entries.at(-1)!.number}`)
  },
}
