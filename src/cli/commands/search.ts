import type { Command } from 'commander'
import type { SearchPage, SearchQuery } from '../../catalog/index.ts'
import { P2pShareError } from '../../core/index.ts'
import { withCatalog } from '../catalog-session.ts'
import type { CliCommand } from '../cli-command.ts'
import { formatCount } from '../format.ts'
import { formatListings, listingFacts } from '../listing-table.ts'
import { choice, option, size, wholeNumber } from '../options.ts'
import { sectionNames } from '../section-names.ts'

type Sort = NonNullable<SearchQuery['sort']>

interface SearchFlags {
  section?: SearchQuery['section']
  tag?: string
  license?: string
  creator?: string
  publisher?: string
  catalog?: string
  minSize?: number
  maxSize?: number
  sort?: Sort
  limit?: number
  page?: number
}

const defaultLimit = 20
const maxPage = 500
const sorts: readonly Sort[] = ['relevance', 'newest', 'oldest', 'largest', 'smallest', 'popular']

export const search: CliCommand<SearchFlags> = {
  examples: [
    ['p2pshare search zoo', 'then p2pshare get <number> fetches one of the rows'],
    [
      'p2pshare search \'"polar bear" cub* -trailer\' --section video',
      'a phrase, a beginning, and a word not wanted',
    ],
    ["p2pshare search 'tag:zoo size:>100MB date:2026-05..' --sort largest", 'by tag, size and date'],
    ['p2pshare search --sort newest --json | jq -r .magnet', 'what came last, for a script'],
  ],
  define(command: Command) {
    command
      // A word with a dash before it is one that is not wanted.
      .allowUnknownOption()
      .argument(
        '[words...]',
        'words; "phrases", prefix*, OR, -not, section: tag: license: creator: size: date:',
      )
      .addOption(choice('--section <section>', 'only this section', sectionNames))
      .addOption(option('--tag <tag>', 'only with this tag'))
      .addOption(option('--license <licence>', 'only under this licence'))
      .addOption(option('--creator <name>', 'only by this creator'))
      .addOption(option('--publisher <key>', 'only signed with this public key'))
      .addOption(option('--catalog <catalog>', 'only of this catalog: its name, number, link or key'))
      .addOption(size('--min-size <size>', 'only what is at least so large, such as 100M'))
      .addOption(size('--max-size <size>', 'only what is at most so large'))
      .addOption(choice('--sort <order>', 'order', sorts))
      .addOption(wholeNumber('--limit <count>', 'rows of a page', 1, 100))
      .addOption(wholeNumber('--page <number>', 'which page', 1, maxPage))
  },
  async run({ env, printer, args, flags }) {
    const mistyped = args.find(word => word.startsWith('--'))
    if (mistyped !== undefined)
      throw new P2pShareError('ERR_USAGE', `unknown option '${mistyped.slice(0, 100)}'`)
    const { limit = defaultLimit, page = 1 } = flags
    const offset = (page - 1) * limit
    const found = await withCatalog(env, async catalog => {
      const catalogId = flags.catalog === undefined ? undefined : (await catalog.find(flags.catalog)).number
      return catalog.search({ ...queryOf(args, flags), catalogId, limit, offset }, { signal: env.signal })
    })
    for (const listing of found.listings) printer.event('listing', listingFacts(listing))
    if (printer.isJson) return
    if (found.listings.length > 0) printer.result(await formatListings(found.listings, env))
    printer.note(summaryOf(found, offset, page))
  },
}

function queryOf(words: readonly string[], flags: SearchFlags): SearchQuery {
  const { section, tag, license, creator, publisher, minSize, maxSize, sort } = flags
  return {
    text: words.join(' '),
    ...{ section, tag, license, creator, publisher, sort },
    minSizeBytes: minSize,
    maxSizeBytes: maxSize,
  }
}

function summaryOf({ listings, total, isTotalExact }: SearchPage, offset: number, page: number): string {
  const all = `${isTotalExact ? '' : 'more than '}${formatCount(total, 'listing')}`
  if (total === 0) return 'Nothing found. What is searched: p2pshare catalog ls'
  if (listings.length === 0) return `${all}, and no more on this page`
  const last = offset + listings.length
  const rows = offset === 0 && last === total ? all : `${offset + 1} to ${last} of ${all}`
  const next = last < total ? `; the next: --page ${page + 1}` : ''
  return `${rows}${next}. To fetch one: p2pshare get <number>`
}
