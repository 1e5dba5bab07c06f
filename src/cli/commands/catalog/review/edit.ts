import type { Command } from 'commander'
import { P2pShareError } from '../../../../core/index.ts'
import type { CliCommand } from '../../../cli-command.ts'
import { defineListing, type ListingFlags, readTags } from '../../../listing-options.ts'
import { defineSite, SiteClient, type SiteFlags } from '../../../site-client.ts'
import { formatSubmission, type SubmissionAnswer } from '../../../submission-facts.ts'
import { readSubmissionNumber } from '../../../submission-number.ts'

interface EditFlags extends SiteFlags, ListingFlags {}

export const edit: CliCommand<EditFlags> = {
  examples: [
    ['p2pshare catalog review edit 7 --section photos --tags zoo,animals', 'put it where it belongs'],
  ],
  define(command: Command) {
    command.argument('<submission>', 'by number')
    defineListing(command)
    defineSite(command)
  },
  async run({ env, printer, args, flags }) {
    const number = readSubmissionNumber(args[0] ?? '')
    const { title, description, section, license, creator, language } = flags
    const tags = flags.tags === undefined ? undefined : readTags(flags.tags)
    const changes = { title, description, section, tags, license, creator, language }
    if (Object.values(changes).every(value => value === undefined))
      throw new P2pShareError('ERR_USAGE', 'Say what to change: --title, --section, --tags and so on')
    const site = await SiteClient.open(flags, env)
    const submission = await site.send<SubmissionAnswer>('PATCH', `submissions/${number}`, changes)
    printer.event('submission', { ...submission })
    printer.result(await formatSubmission(submission, env))
  },
}
