import { Hono } from 'hono'
import type { Hex, Metainfo } from '../../../core/index.ts'
import { HttpError } from '../../../http/index.ts'
import { withTrackers } from '../magnet-for.ts'
import { type Site, siteUrl } from '../site.ts'
import { conditional } from './conditional.ts'

/** Snapshots that are still handed out, for those who were told of one just before the next came. */
const maxRecent = 4

/** The site's own catalog for those who follow it by its address: its signed pointer, and the snapshot's torrent. */
export function catalogDocumentRoutes(site: Site): Hono {
  const recent = new Map<Hex, Metainfo>()
  const newest = async () => {
    const snapshot = await site.catalog.snapshot(site.own.link)
    const infoHash = snapshot.metainfo.infoHash!
    recent.delete(infoHash)
    recent.set(infoHash, snapshot.metainfo)
    if (recent.size > maxRecent) recent.delete(recent.keys().next().value!)
    return snapshot
  }
  return new Hono()
    .get('/catalog.json', async c => {
      const { catalog, metainfo, pointer, port } = await newest()
      const document = {
        link: catalog.link,
        name: catalog.name,
        description: catalog.description,
        pointer: {
          publicKey: pointer.publicKey,
          salt: pointer.salt,
          seq: pointer.seq,
          value: Buffer.from(pointer.value).toString('base64'),
          signature: Buffer.from(pointer.signature).toString('hex'),
        },
        torrent: siteUrl(site, `/catalog/${metainfo.infoHash}.torrent`),
        port,
      }
      return conditional(c, `${JSON.stringify(document)}\n`, {
        contentType: 'application/json; charset=utf-8',
        headers: { 'access-control-allow-origin': '*' },
      })
    })
    .get('/catalog/:file{[0-9a-f]{40}\\.torrent}', async c => {
      const infoHash = c.req.param('file').slice(0, 40)
      const metainfo = recent.get(infoHash) ?? (await newest()).metainfo
      if (metainfo.infoHash !== infoHash)
        throw new HttpError(404, 'The catalog has moved on: ask for /catalog.json again.')
      return conditional(c, withTrackers(metainfo.bytes, site.settings.trackerUrls), {
        contentType: 'application/x-bittorrent',
        maxAgeSeconds: 3_600,
        headers: { 'access-control-allow-origin': '*' },
      })
    })
}
