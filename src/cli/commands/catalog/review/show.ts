import type { Command } from 'commander'
import type { CliCommand } from '../../../cli-command.ts'
import { defineSite, SiteClient, type SiteFlags } from '../../../site-client.ts'
import { formatSubmission, type SubmissionAnswer } from '../../../submission-facts.ts'
import { readSubmissionNumber } from '../../../submission-number.ts'

export const show: CliCommand<SiteFlags> = {
  examples: [['p2pshare catalog review show 7', 'what it says, its files, and what is the same already']],
  define(command: Command) {
    command.argument('<submission...>', 'by number')
    defineSite(command)
  },
  async run({ env, printer, args, flags }) {
    const numbers = args.map(readSubmissionNumber)
    const site = await SiteClient.open(flags, env)
    for (const [index, number] of numbers.entries()) {
      const submission = await site.get<SubmissionAnswer>(`submissions/${number}`)
      printer.event('submission', { ...submission })
      if (index > 0) printer.result('')
      printer.result(await formatSubmission(submission, env))
    }
  },
}
