import type { Hex } from '../../../core/index.ts'
import { TrackerRefusal } from './refusal.ts'

/** Longest query that is read: a scrape of as many torrents as {@link maxScraped}, each byte escaped. */
const maxQueryLength = 6_144
/** As many as a scrape over UDP takes (BEP 15), which goes for the others too. */
export const maxScraped = 74
/** Peers that one answer names. */
const maxWanted = 50

const events: ReadonlySet<string> = new Set(['started', 'completed', 'stopped', 'paused'])

/**
 * Reads the query of an announce over HTTP (BEP 3), and writes it anew with nothing in it but what was understood. What a
 * peer says of its own address is left out.
 *
 * @throws {TrackerRefusal}
 */
export function readAnnounce(query: string): string {
  const values = readQuery(query)
  const port = Number(only(values, 'port'))
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new TrackerRefusal('invalid port')
  const left = values.get('left')?.[0]
  const event = values.get('event')?.[0] ?? ''
  if (event !== '' && event !== 'empty' && !events.has(event)) throw new TrackerRefusal('invalid event')
  return [
    `info_hash=${escaped(twentyBytes(values, 'info_hash'))}`,
    `peer_id=${escaped(twentyBytes(values, 'peer_id'))}`,
    `port=${port}`,
    ...(left !== undefined && /^\d{1,15}$/.test(left) ? [`left=${left}`] : []),
    ...(events.has(event) ? [`event=${event}`] : []),
    `numwant=${wanted(values.get('numwant')?.[0])}`,
    // BEP 23 lets a tracker answer in the compact form whatever was asked for.
    'compact=1',
  ].join('&')
}

/**
 * Reads which torrents a scrape (BEP 48) asks for. One that names none, which would ask for all, is refused.
 *
 * @throws {TrackerRefusal}
 */
export function readScrape(query: string): readonly Hex[] {
  const values = readQuery(query).get('info_hash') ?? []
  if (values.length === 0) throw new TrackerRefusal('a scrape has to name torrents')
  if (values.length > maxScraped) throw new TrackerRefusal(`more than ${maxScraped} torrents in one scrape`)
  return values.map(value => {
    if (value.length !== 20) throw new TrackerRefusal('invalid info_hash')
    return Buffer.from(value, 'latin1').toString('hex')
  })
}

/** Values by key, one character a byte: they are no UTF-8. */
function readQuery(query: string): ReadonlyMap<string, readonly string[]> {
  if (query.length > maxQueryLength) throw new TrackerRefusal('the query is too long')
  const values = new Map<string, string[]>()
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    if (equals < 0) continue
    const key = part.slice(0, equals)
    const value = part
      .slice(equals + 1)
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    const known = values.get(key)
    if (known) known.push(value)
    else values.set(key, [value])
  }
  return values
}

function only(values: ReadonlyMap<string, readonly string[]>, key: string): string {
  const [value, another] = values.get(key) ?? []
  if (value === undefined || another !== undefined) throw new TrackerRefusal(`invalid ${key}`)
  return value
}

function twentyBytes(values: ReadonlyMap<string, readonly string[]>, key: string): string {
  const value = only(values, key)
  if (value.length !== 20 || !/^[\0-\xff]*$/.test(value)) throw new TrackerRefusal(`invalid ${key}`)
  return value
}

function escaped(bytes: string): string {
  return Buffer.from(bytes, 'latin1')
    .toString('hex')
    .replace(/../g, pair => `%${pair}`)
}

/** The library takes 0 for its default, and anything below for none. */
function wanted(text: string | undefined): number {
  const count = Number(text ?? maxWanted)
  if (!Number.isInteger(count) || count < 0) return maxWanted
  return count === 0 ? -1 : Math.min(count, maxWanted)
}
