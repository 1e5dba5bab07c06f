import { relative } from 'node:path'
import type { CreatedTorrent, HashProgress as HashedSoFar } from '../core/index.ts'
import { visibleName } from '../core/index.ts'
import type { Env } from './env.ts'
import { formatCount, formatDuration, formatRate, formatSize } from './format.ts'
import type { Printer } from './printer.ts'
import { type Status, StatusLine } from './status-line.ts'

const mostNamed = 100
/** Before that a speed says nothing. */
const tellingMs = 200

/** How a piece of work tells how far it is. */
export type HashProgress = (progress: Pick<HashedSoFar, 'hashedBytes' | 'totalBytes'>) => void

/**
 * Runs the making of a torrent with its progress on stderr, then names what was left out.
 *
 * @param step which of how many steps this is: `[1/2] `
 */
export async function showHashing(
  step: string,
  env: Env,
  printer: Printer,
  create: (onProgress: HashProgress) => Promise<CreatedTorrent>,
): Promise<CreatedTorrent> {
  const status = await StatusLine.open(env, printer)
  const startMs = env.clock.monotonicMs()
  let hashedBytes = 0
  try {
    const created = await create(progress => {
      hashedBytes = progress.hashedBytes
      status.update(describeHashing(`${step}Hashing`, progress, env.clock.monotonicMs() - startMs))
    })
    status.close()
    tellHashed(step, created, hashedBytes, env.clock.monotonicMs() - startMs, env.cwd, printer)
    return created
  } finally {
    status.close()
  }
}

/** How far hashing is, how fast, and how long it will go on. */
export function describeHashing(
  label: string,
  progress: Parameters<HashProgress>[0],
  tookMs: number,
): Status {
  const { hashedBytes, totalBytes } = progress
  const speed = tookMs > tellingMs ? (hashedBytes / tookMs) * 1000 : 0
  const leftMs = speed > 0 ? ((totalBytes - hashedBytes) / speed) * 1000 : 0
  const pace = speed > 0 ? `, ${formatRate(speed)}, ${formatDuration(leftMs)} left` : ''
  return {
    label,
    part: totalBytes > 0 ? hashedBytes / totalBytes : 1,
    details: `${formatSize(hashedBytes)} of ${formatSize(totalBytes)}${pace}`,
  }
}

function tellHashed(
  step: string,
  created: CreatedTorrent,
  hashedBytes: number,
  tookMs: number,
  cwd: string,
  printer: Printer,
): void {
  const { metainfo, sources, skipped } = created
  const size = `${formatCount(sources.length, 'file')}, ${formatSize(metainfo.sizeBytes)}`
  const how = hashedBytes === 0 && metainfo.sizeBytes > 0 ? 'Unchanged since it was hashed before' : 'Hashed'
  printer.note(`${step}${how}: ${visibleName(metainfo.name)} (${size}) in ${formatDuration(tookMs)}`)
  const unasked = skipped.filter(({ reason }) => reason !== 'excluded')
  for (const { path, reason } of unasked.slice(0, mostNamed))
    printer.note(`  Left out: ${visibleName(relative(cwd, path) || path)} (${reason})`)
  const more = unasked.length - mostNamed
  if (more > 0) printer.note(`  and ${formatCount(more, 'other')}: --json names them all`)
}
