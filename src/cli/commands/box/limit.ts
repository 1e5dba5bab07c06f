import type { Command, Option } from 'commander'
import type { BoxClient } from '../../../box/index.ts'
import { P2pShareError, parseRate, visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatLimit } from '../../format.ts'
import { option } from '../../options.ts'
import { byReference } from '../../transfer-reference.ts'

/** Bytes a second; infinite is without limit. */
interface LimitFlags {
  up?: number
  down?: number
}

export const limit: CliCommand<LimitFlags> = {
  examples: [
    ['p2pshare box limit 3 --up 500K', 'give at most so much of it a second'],
    [
      'p2pshare box limit all --up none --down 2M',
      'all together, until the next start or hours of the schedule',
    ],
    ['p2pshare box limit all', 'which limits hold'],
  ],
  define(command: Command) {
    command
      .argument('<transfer>', `${byReference}; all for all together`)
      .addOption(limitOption('--up <rate>', 'send at most so much a second, such as 500K, or none'))
      .addOption(limitOption('--down <rate>', 'receive at most so much a second, such as 2M, or none'))
  },
  async run({ env, printer, args: [reference = ''], flags }) {
    await withBox(env, async box => {
      const isAll = reference === 'all'
      const held = isAll
        ? await ofAll(box, flags, env.signal)
        : await ofOne(box, reference, flags, env.signal)
      const { name, uploadLimit, downloadLimit } = held
      printer.event('limits', { ...held })
      printer.result(
        `${visibleName(name)}: up ${formatLimit(uploadLimit)}, down ${formatLimit(downloadLimit)}`,
      )
    })
  },
}

interface Held {
  /** None of all together. */
  readonly id?: number
  readonly name: string
  readonly uploadLimit: number | null
  readonly downloadLimit: number | null
}

async function ofAll(box: BoxClient, flags: LimitFlags, signal: AbortSignal): Promise<Held> {
  const isRead = flags.up === undefined && flags.down === undefined
  const limits = isRead ? await box.limits({ signal }) : await box.setLimits(limitsOf(flags), { signal })
  return { name: 'all', ...limits }
}

async function ofOne(
  box: BoxClient,
  reference: string,
  flags: LimitFlags,
  signal: AbortSignal,
): Promise<Held> {
  const isRead = flags.up === undefined && flags.down === undefined
  const { id, name, uploadLimit, downloadLimit } = isRead
    ? await box.transfer(reference, { signal })
    : await box.change(reference, limitsOf(flags), { signal })
  return { id, name, uploadLimit, downloadLimit }
}

function limitsOf({ up, down }: LimitFlags): { uploadLimit?: number | null; downloadLimit?: number | null } {
  const orNone = (limit: number) => (Number.isFinite(limit) ? limit : null)
  return {
    ...(up !== undefined && { uploadLimit: orNone(up) }),
    ...(down !== undefined && { downloadLimit: orNone(down) }),
  }
}

function limitOption(flags: string, description: string): Option {
  const made = option(flags, description)
  return made.argParser((value: string) => {
    if (value === 'none') return Number.POSITIVE_INFINITY
    const bytesPerSecond = parseRate(value, made.long ?? flags)
    if (bytesPerSecond > 0) return bytesPerSecond
    throw new P2pShareError(
      'ERR_INVALID_ARGUMENT',
      `${made.long}: write none for no limit, pause to send nothing`,
    )
  })
}
