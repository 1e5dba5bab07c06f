import type { Item } from './item.ts'

/**
 * Chooses files of a transfer. What files there are may come to be known much later, and nobody waits for that.
 * @throws {P2pShareError} as `Transfer.setFilePriorities`
 */
export async function applyPriorities(
  { transfer, name }: Item,
  priorities: ReadonlyMap<number, number>,
  onProblem: (what: string, error: unknown) => void,
): Promise<void> {
  const applying = transfer?.setFilePriorities(priorities)
  if (transfer?.metainfo) await applying
  else applying?.catch(error => onProblem(`Files of ${name} cannot be chosen`, error))
}

/** Whether it has limits of its own. Those that have none are not given any: of many thousands each would be measured. */
export function hasLimits({ entry: { limits } }: Item): boolean {
  return limits.upload !== undefined || limits.download !== undefined
}

export function applyLimits({ transfer, entry }: Item): void {
  const { upload, download } = entry.limits
  transfer?.setLimits({ uploadBytesPerSecond: upload, downloadBytesPerSecond: download })
}
