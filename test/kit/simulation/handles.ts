/** Sockets, servers and timers that keep this process alive, by kind. */
export function openHandles(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(TCP|UDP|Pipe|Timeout|Immediate|FSEvent)/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** What there is more of than before. */
export function leftHandles(before: Readonly<Record<string, number>>): Record<string, number> {
  const more: Record<string, number> = {}
  for (const [kind, count] of Object.entries(openHandles())) {
    const extra = count - (before[kind] ?? 0)
    if (extra > 0 && kind !== 'Immediate') more[kind] = extra
  }
  return more
}
