import type { Hex } from '../../../core/index.ts'
import type { CatalogDatabase } from '../../database/open-database.ts'

/**
 * What the tracker of a site serves: the torrents of its listings, by their v1 info-hash or by the beginning of v2 as peers
 * announce it (BEP 52), and the snapshots of its catalogs.
 */
export function listedIn({ db }: Pick<CatalogDatabase, 'db'>): (infoHash: Hex) => Promise<boolean> {
  return async infoHash => {
    const listed = db.selectFrom('listing').select('number').limit(1)
    const looks = [
      () => listed.where('info_hash', '=', infoHash).executeTakeFirst(),
      // After every digit that may follow comes g.
      () =>
        listed
          .where('info_hash_v2', '>=', infoHash)
          .where('info_hash_v2', '<', `${infoHash}g`)
          .executeTakeFirst(),
      () => db.selectFrom('catalog').select('number').where('info_hash', '=', infoHash).executeTakeFirst(),
    ]
    for (const look of looks) if (await look()) return true
    return false
  }
}
