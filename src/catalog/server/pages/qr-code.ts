import { magnetLink } from '../../../core/index.ts'
import type { Listing } from '../../listing/record.ts'
import { magnetFor } from '../magnet-for.ts'
import type { Site } from '../site.ts'

/** A longer link makes a code that phones have trouble with. */
const maxLength = 500

/** The QR code of a listing's magnet link, as SVG; of a long link only what finds the torrent. */
export async function qrCode(site: Pick<Site, 'settings'>, listing: Listing): Promise<string> {
  const { renderSVG } = await import('uqr')
  const { infoHash, infoHashV2 } = listing
  const link = magnetFor(site, listing)
  const known = { ...(infoHash && { infoHash }), ...(infoHashV2 && { infoHashV2 }) }
  const short = magnetLink({ ...known, trackers: site.settings.trackerUrls.slice(0, 2) })
  return renderSVG(link.length > maxLength ? short : link, { border: 2 })
}
