import type { Command } from 'commander'
import { P2pShareError, visibleName } from '../../../../core/index.ts'
import type { CliCommand } from '../../../cli-command.ts'
import { canAsk } from '../../../env.ts'
import { option } from '../../../options.ts'
import { Prompt } from '../../../prompt.ts'
import { defineSite, SiteClient, type SiteFlags } from '../../../site-client.ts'
import type { SubmissionAnswer } from '../../../submission-facts.ts'
import { readSubmissionNumber } from '../../../submission-number.ts'

interface RejectFlags extends SiteFlags {
  reason?: string
  note?: string
}

export const reject: CliCommand<RejectFlags> = {
  examples: [
    [
      'p2pshare catalog review reject 7 --reason "Not yours to share" --note "third time"',
      'the submitter is told the reason, and not the note',
    ],
  ],
  define(command: Command) {
    command
      .argument('<submission...>', 'by number')
      .addOption(option('--reason <text>', 'why, as everybody may read; without it you are asked'))
      .addOption(option('--note <text>', 'for moderators only'))
    defineSite(command)
  },
  async run({ env, printer, args, flags }) {
    const numbers = args.map(readSubmissionNumber)
    const site = await SiteClient.open(flags, env)
    const reason =
      flags.reason ?? (canAsk(env) ? await new Prompt(env).ask('Reason, as the submitter reads it') : '')
    if (reason === '') throw new P2pShareError('ERR_USAGE', 'Say why, with --reason "…"')
    for (const number of numbers) {
      const body = { reason, note: flags.note }
      const submission = await site.send<SubmissionAnswer>('POST', `submissions/${number}/reject`, body)
      printer.event('submission', { ...submission })
      printer.result(`${number} is rejected: ${visibleName(submission.title)}`)
    }
  },
}
