import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isPublicAddress, P2pShareError, raceAbort } from '../../core/index.ts'
import { failed } from './tracker-answer.ts'
import type { TrackerAskOptions } from './tracker-request.ts'
import { UdpTracker } from './udp-tracker.ts'

const rememberMs = 60_000
const mostNames = 500
const mostTrackers = 200
const usualPort = 80

interface Name {
  readonly untilMs: number
  readonly looking: Promise<void>
  found: readonly LookupAddress[] | undefined
}

const names = new Map<string, Name>()
const trackers = new Map<string, UdpTracker>()

/**
 * The trackers over UDP that a URL leads to, one of each address family. Torrents that name the same share them.
 *
 * @throws {P2pShareError} `ERR_ADDRESS_NOT_ALLOWED`; errors of the look-up, whose time is bounded too
 */
export async function findUdpTrackers(
  url: string,
  { allowPrivate, timeoutMs, signal }: TrackerAskOptions,
): Promise<readonly [UdpTracker, ...UdpTracker[]]> {
  const { hostname, port } = new URL(url.replace(/^udp:/i, 'http:'))
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const name = nameOf(host)
  if (!name.found) {
    const limit = AbortSignal.timeout(timeoutMs)
    await raceAbort(name.looking, signal ? AbortSignal.any([signal, limit]) : limit).catch(error => {
      throw limit.aborted && !signal?.aborted ? failed('its name is not found in time', error) : error
    })
  }
  const allowed = name.found!.filter(({ address }) => allowPrivate || isPublicAddress(address))
  const [first, ...others] = [4, 6].flatMap(family => allowed.find(found => found.family === family) ?? [])
  if (!first)
    throw new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', `${host} is at a private address: not contacted`)
  const at = (found: LookupAddress) => trackerAt(found, Number(port || usualPort))
  return [at(first), ...others.map(at)]
}

/** Asked of the system once a minute: thousands of torrents name the same tracker. */
function nameOf(host: string): Name {
  const known = names.get(host)
  if (known && performance.now() < known.untilMs) return known
  const name: Name = {
    untilMs: performance.now() + rememberMs,
    looking: lookup(host, { all: true }).then(found => {
      name.found = found
    }),
    found: undefined,
  }
  names.delete(host)
  names.set(host, name)
  if (names.size > mostNames) names.delete(names.keys().next().value!)
  name.looking.catch(() => {
    if (names.get(host) === name) names.delete(host)
  })
  return name
}

function trackerAt({ address, family }: LookupAddress, port: number): UdpTracker {
  const key = `${address} ${port}`
  const tracker = trackers.get(key) ?? new UdpTracker({ address, family, port, onIdle })
  // Set anew, so that those that were asked last stand last.
  trackers.delete(key)
  trackers.set(key, tracker)
  if (trackers.size > mostTrackers) forgetOne()
  return tracker

  function onIdle() {
    if (trackers.get(key) === tracker) trackers.delete(key)
  }
}

/** Those that are being asked are as few as announces may be under way. */
function forgetOne(): void {
  for (const [key, tracker] of trackers) {
    if (tracker.isBusy) continue
    trackers.delete(key)
    tracker.close()
    return
  }
}
