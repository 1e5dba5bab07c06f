import type { Command } from 'commander'
import type { BoxClient, BoxPlan } from '../../../box/index.ts'
import { visibleName } from '../../../core/index.ts'
import { agree, type Proposal } from '../../agreement.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { formatCount, formatSize } from '../../format.ts'
import { tellLeft } from '../../left-files.ts'
import { option } from '../../options.ts'
import { formatPlanned, type PlannedRow } from '../../plan-table.ts'

interface PlanFlags {
  prune?: boolean
  yes?: boolean
}

export const plan: CliCommand<PlanFlags> = {
  examples: [
    ['p2pshare box plan', 'what would be fetched of what you follow, what could go, and why'],
    ['p2pshare box plan --prune', 'show what could go, ask, and delete it with its files'],
  ],
  define(command: Command) {
    command
      .addOption(option('--prune', 'delete what could go, with its files, once you have said yes'))
      .addOption(option('-y, --yes', 'do not ask'))
  },
  async run(invocation) {
    const { env, flags, printer } = invocation
    const { signal } = env
    await withBox(env, async box => {
      const found = await box.plan({ prune: flags.prune === true, signal })
      await show(found, invocation)
      await tellUnread(box, invocation)
      if (!flags.prune || found.drop.length === 0) return
      await agree(proposalOf(found), flags.yes, env)
      const ids = found.drop.map(({ id }) => id)
      for (const dropped of await box.prune(ids, { signal })) {
        printer.event('dropped', { ...dropped })
        printer.result(`${visibleName(dropped.name)} is dropped`)
        tellLeft(dropped, printer)
      }
    })
  },
}

async function show(found: BoxPlan, { env, printer }: Invocation<PlanFlags>): Promise<void> {
  const { fetch, keep, drop, leftOut, ...summary } = found
  printer.event('plan', { ...summary, keepCount: keep.length, dropCount: drop.length })
  for (const item of fetch) printer.event('fetch', { ...item })
  for (const item of keep) printer.event('keep', { ...item })
  for (const item of drop) printer.event('drop', { ...item })
  for (const item of leftOut) printer.event('left-out', { ...item })
  const parts: [string, readonly PlannedRow[], number][] = [
    ['To be fetched', fetch.map(told), summary.fetchCount],
    ['Could go (p2pshare box plan --prune)', drop.map(told), drop.length],
    ['Left out', leftOut.map(told), summary.leftOutCount],
  ]
  for (const [title, rows, count] of parts) {
    if (rows.length === 0) continue
    printer.result(`${title}: ${formatCount(count, 'thing')}`)
    printer.result(await formatPlanned(rows, env.stdout, env))
  }
  const of = summary.quotaBytes === undefined ? '' : ` of ${formatSize(summary.quotaBytes)}`
  printer.result(
    `Kept: ${formatCount(keep.length, 'transfer')}; used now: ${formatSize(summary.usedBytes)}${of}, free: ${formatSize(Math.max(summary.freeBytes, 0))}`,
  )
}

/** Nothing to fetch looks like nothing new, also where what is followed was never heard of. */
async function tellUnread(box: BoxClient, { env, printer }: Invocation<PlanFlags>): Promise<void> {
  const { signal } = env
  const [sources, { dhtNodes }] = await Promise.all([box.following({ signal }), box.status({ signal })])
  let isTold = false
  for (const { kind, source, name, problem, syncedAt, wanted } of sources) {
    const message =
      problem ?? (syncedAt === undefined && wanted === 0 ? 'It has not been read yet' : undefined)
    if (message === undefined) continue
    isTold ||= problem !== undefined && kind === 'catalog'
    printer.event('problem', { source, message })
    printer.note(
      `${kind === 'catalog' ? 'Catalog' : 'Feed'} ${visibleName(name || source)}: ${visibleName(message)}`,
    )
  }
  if (dhtNodes === undefined && !isTold && sources.some(({ kind }) => kind === 'catalog'))
    printer.note('The DHT, where catalogs are looked for, is off in this box')
}

function told(item: BoxPlan['fetch'][number] | BoxPlan['drop'][number]): PlannedRow {
  return { name: 'title' in item ? item.title : item.name, sizeBytes: item.sizeBytes, why: item.why }
}

function proposalOf({ drop }: BoxPlan): Proposal {
  const bytes = drop.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const what = `${formatCount(drop.length, 'transfer')} with ${drop.length === 1 ? 'its' : 'their'} files`
  return { question: `Delete ${what}, ${formatSize(bytes)}?`, refusal: 'Nothing is dropped', deletes: what }
}
