import type { Command } from 'commander'
import { visibleName } from '../../../../core/index.ts'
import type { CliCommand } from '../../../cli-command.ts'
import { option } from '../../../options.ts'
import { defineSite, SiteClient, type SiteFlags } from '../../../site-client.ts'
import type { SubmissionAnswer } from '../../../submission-facts.ts'
import { readSubmissionNumber } from '../../../submission-number.ts'

interface AcceptFlags extends SiteFlags {
  note?: string
}

export const accept: CliCommand<AcceptFlags> = {
  examples: [['p2pshare catalog review accept 7 8', 'both are in the site’s catalog within seconds']],
  define(command: Command) {
    command.argument('<submission...>', 'by number').addOption(option('--note <text>', 'for moderators only'))
    defineSite(command)
  },
  async run({ env, printer, args, flags }) {
    const numbers = args.map(readSubmissionNumber)
    const site = await SiteClient.open(flags, env)
    for (const number of numbers) {
      const path = `submissions/${number}/accept`
      const submission = await site.send<SubmissionAnswer>('POST', path, { note: flags.note })
      printer.event('submission', { ...submission })
      printer.result(`${number} is accepted: ${visibleName(submission.title)}`)
    }
  },
}
