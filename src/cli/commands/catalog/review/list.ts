import type { Command } from 'commander'
import type { CliCommand } from '../../../cli-command.ts'
import { formatCount } from '../../../format.ts'
import { choice, wholeNumber } from '../../../options.ts'
import { defineSite, SiteClient, type SiteFlags } from '../../../site-client.ts'
import { formatSubmissions, type SubmissionAnswer } from '../../../submission-facts.ts'

interface ListFlags extends SiteFlags {
  state?: string
  limit?: number
  before?: number
}

const undecided = ['ready', 'received', 'checking', 'unreachable'] as const
const states = [...undecided, 'accepted', 'rejected']
const defaultLimit = 50

export const list: CliCommand<ListFlags> = {
  examples: [
    ['p2pshare catalog review', 'what waits for a decision on the site of this machine'],
    ['p2pshare catalog review list --site https://zoo.example.org --state rejected', 'of another site'],
  ],
  define(command: Command) {
    command
      .addOption(choice('--state <state>', 'only in this state (default: all that are undecided)', states))
      .addOption(wholeNumber('--limit <count>', 'rows of a page', 1, 100))
      .addOption(wholeNumber('--before <number>', 'only those before this one', 1, Number.MAX_SAFE_INTEGER))
    defineSite(command)
  },
  async run({ env, printer, flags }) {
    const { state, limit = defaultLimit, before } = flags
    const site = await SiteClient.open(flags, env)
    const pages = await Promise.all(
      (state === undefined ? undecided : [state]).map(one =>
        site.get<{ submissions: SubmissionAnswer[] }>('submissions', { state: one, limit, before }),
      ),
    )
    const all = pages.flatMap(({ submissions }) => submissions).sort((one, other) => other.id - one.id)
    const shown = all.slice(0, limit)
    for (const submission of shown) printer.event('submission', { ...submission })
    if (printer.isJson) return
    if (shown.length > 0) printer.result(await formatSubmissions(shown, env))
    const more = shown.length === limit ? `; earlier ones: --before ${shown.at(-1)!.id}` : ''
    const how = shown.length > 0 ? '. To look at one: p2pshare catalog review show <number>' : ''
    printer.note(`${formatCount(shown.length, 'submission')}${more}${how}`)
  },
}
