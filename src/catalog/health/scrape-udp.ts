import { type Hex, P2pShareError } from '../../core/index.ts'
import { findUdpTrackers, udpActions } from '../../swarm/index.ts'
import type { PeerCount } from './peer-counter.ts'
import { isCount, type ScrapeOptions } from './scrape-http.ts'

const answerLength = 20

/**
 * Asks a tracker over UDP (BEP 15).
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`; aborting rejects with the signal's reason
 */
export async function scrapeUdp(
  announceUrl: string,
  infoHash: Hex,
  { allowPrivateAddresses, timeoutMs, signal }: ScrapeOptions,
): Promise<PeerCount> {
  const options = { timeoutMs, signal }
  try {
    const [tracker] = await findUdpTrackers(announceUrl, { ...options, allowPrivate: allowPrivateAddresses })
    const body = Buffer.from(infoHash, 'hex')
    const counts = await tracker.ask({ ...options, action: udpActions.scrape, body })
    if (counts.length < answerLength) throw new Error('its answer is too short')
    const [seeds, leeches] = [counts.readUInt32BE(8), counts.readUInt32BE(16)]
    if (!isCount(seeds) || !isCount(leeches)) throw new Error('its counts make no sense')
    return { seeds, leeches }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof P2pShareError && error.code !== 'ERR_FETCH_FAILED') throw error
    const why = (error as Error).message
    throw new P2pShareError('ERR_FETCH_FAILED', `The tracker ${announceUrl} has no answer: ${why}`, {
      cause: error,
    })
  }
}
