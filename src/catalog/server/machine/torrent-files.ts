import { Hono } from 'hono'
import { cleanName } from '../../../core/index.ts'
import { HttpError } from '../../../http/index.ts'
import { torrentFor } from '../magnet-for.ts'
import type { Site } from '../site.ts'
import { conditional } from './conditional.ts'

/** The .torrent files of listings, as far as they are known, with the trackers of the site in them. */
export function torrentFileRoutes(site: Site): Hono {
  return new Hono().get('/torrents/:file{[a-z2-7]{26}\\.torrent}', async c => {
    const listing = await site.store.byId(c.req.param('file').slice(0, 26))
    const torrent = listing && (await torrentFor(site, listing))
    if (!torrent) throw new HttpError(404, 'The .torrent of this listing is not known here.')
    const name = encodeURIComponent(`${cleanName(listing.title)}.torrent`)
    return conditional(c, torrent, {
      contentType: 'application/x-bittorrent',
      maxAgeSeconds: 300,
      headers: {
        'content-disposition': `attachment; filename="${listing.id}.torrent"; filename*=UTF-8''${name}`,
      },
    })
  })
}
