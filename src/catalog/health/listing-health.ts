import { type Hex, readMagnet } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/open-database.ts'
import type { ListingStore } from '../store/listing-store.ts'
import type { HealthRecord } from './health-keeper.ts'
import type { CountedTorrent } from './peer-counter.ts'

interface ListedTorrent extends CountedTorrent {
  /** The whole info-hash that the listing is found by. */
  readonly listedAs: Hex
}

/** A listing's first day, in which its peers come; how old its count may be then, and later. */
const youthMs = 86_400_000
const youngMaxAgeMs = 300_000
const maxAgeMs = 3_600_000

/**
 * The listings of a database as torrents to be counted: those never counted first, the newest before the others; then new
 * ones again and again; then those counted longest ago. Claiming notes the time, whatever the count will be: what nobody can
 * tell of is not asked for at once again, and several servers on one database share the work.
 */
export function listingHealth(
  { db }: Pick<CatalogDatabase, 'db'>,
  store: Pick<ListingStore, 'setHealth'>,
  now: () => Date = () => new Date(),
): HealthRecord {
  const listings = () =>
    db
      .selectFrom('listing')
      .innerJoin('listing_record', 'listing_record.number', 'listing.number')
      .select(['listing.key', 'info_hash', 'info_hash_v2', 'json'])
  const countedBefore = (time: number) => listings().where('health_at', '<', time).orderBy('health_at')

  return {
    async claim(limit) {
      const time = now().getTime()
      const ways = [
        () => listings().where('health_at', 'is', null).orderBy('key', 'desc'),
        () => countedBefore(time - youngMaxAgeMs).where('seen_at', '>', time - youthMs),
        () => countedBefore(time - maxAgeMs),
      ]
      const due: Awaited<ReturnType<ReturnType<typeof listings>['execute']>> = []
      for (const way of ways) {
        if (due.length === limit) break
        const rows = await way().limit(limit).execute()
        const known = new Set(due.map(({ key }) => key))
        due.push(...rows.filter(({ key }) => !known.has(key)).slice(0, limit - due.length))
      }
      if (due.length === 0) return []
      const keys = due.map(({ key }) => key)
      await db.updateTable('listing').set({ health_at: time }).where('key', 'in', keys).execute()
      return due.map(
        ({ info_hash, info_hash_v2, json }): ListedTorrent => ({
          infoHash: info_hash ?? info_hash_v2!.slice(0, 40),
          listedAs: info_hash ?? info_hash_v2!,
          trackers: readMagnet((JSON.parse(json) as { magnet: string }).magnet).trackers,
        }),
      )
    },
    save: (torrent, health) => store.setHealth((torrent as ListedTorrent).listedAs, health),
  }
}
