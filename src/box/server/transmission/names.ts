/** The names of 4.1 are written with `_`; clients of before mix `camelCase` and `kebab-case`. */

/** What 4.1 calls something, however it was written. */
export function modernName(name: string): string {
  if (name.length > longestName) return name
  const found = name
    .replace(/([a-z0-9])([A-Z]+)/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
  return renamed.get(found) ?? found
}

export type LegacyForm = 'camel' | 'kebab'

/** Gives the names of clients of before to all that is in a value. */
export function withLegacyNames(value: unknown, form: LegacyForm): unknown {
  if (Array.isArray(value)) return value.map(one => withLegacyNames(one, form))
  if (typeof value !== 'object' || value === null) return value
  const named: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(value)) named[legacyName(name, form)] = withLegacyNames(one, form)
  return named
}

/** Nothing has a longer one. */
const longestName = 100
const renamed = new Map([['cache_size_mb', 'cache_size_mib']])

/** Names that are not as the others beside them. */
const odd: Readonly<Record<string, string>> = {
  begin_piece: 'begin_piece',
  cache_size_mib: 'cache-size-mb',
  cumulative_stats: 'cumulative-stats',
  current_stats: 'current-stats',
  end_piece: 'end_piece',
  is_utp: 'isUTP',
  seed_ratio_limit: 'seedRatioLimit',
  seed_ratio_limited: 'seedRatioLimited',
  torrent_added: 'torrent-added',
  torrent_duplicate: 'torrent-duplicate',
  total_size: 'total_size',
}

const known = { camel: new Map<string, string>(), kebab: new Map<string, string>() }

/** Only for names of ours, of which there are a few hundred. */
function legacyName(name: string, form: LegacyForm): string {
  let legacy = known[form].get(name)
  if (legacy === undefined) {
    legacy = odd[name] ?? (form === 'kebab' ? name.replaceAll('_', '-') : camel(name))
    known[form].set(name, legacy)
  }
  return legacy
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
