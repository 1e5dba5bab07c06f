import type { StoredListing } from '../catalog/index.ts'
import { visibleName } from '../core/index.ts'
import { displayWidth, fitWidth } from './display-width.ts'
import type { Env } from './env.ts'
import { formatCount, formatDuration, formatSize } from './format.ts'
import { formatFacts, formatTable } from './table.ts'

const defaultColumns = 80
const widestTitle = 100
/** All columns but the title and the last: section, size and date, with the space between them. */
const fixedColumns = 8 + 7 + 10 + 5 * 2
const leastTitle = 16
const leastBy = 10

/** A listing as `--json` gives it. */
export function listingFacts(listing: StoredListing): Record<string, unknown> {
  const { id, number, title, magnet, infoHash, infoHashV2, section, tags, license, creator } = listing
  const { language, description, sizeBytes, fileCount, media, poster, createdAt, publishedAt } = listing
  const { publisher, revision, seeds, leeches } = listing
  return {
    ...{ id, number, title, magnet, infoHash, infoHashV2, section, tags, license, creator, language },
    ...{ description, sizeBytes, fileCount, media, poster, createdAt, publishedAt },
    ...{ publisher, revision, seeds, leeches },
  }
}

/** Listings as a table that fits the terminal. */
export function formatListings(listings: readonly StoredListing[], env: Env): Promise<string> {
  const columns = env.stdout.columns ?? defaultColumns
  const numberColumns = Math.max(1, ...listings.map(({ number }) => String(number).length))
  const room = Math.max(columns - fixedColumns - numberColumns, leastTitle + leastBy)
  const titles = listings.map(({ title }) => visibleName(title))
  const titleColumns = Math.min(
    widestTitle,
    room - Math.max(leastBy, Math.floor(room / 3)),
    Math.max(leastTitle, ...titles.map(displayWidth)),
  )
  const byColumns = room - titleColumns
  const rows = listings.map((listing, index) => [
    `${listing.number}`,
    fitWidth(titles[index]!, titleColumns),
    listing.section,
    formatSize(listing.sizeBytes),
    listing.publishedAt.slice(0, 10),
    fitWidth(visibleName(byOf(listing)), byColumns),
  ])
  return formatTable(['>#', 'Title', 'Section', '>Size', 'Date', 'By'], rows, env.stdout, env)
}

/** All that a listing says, for a person. */
export async function formatListing(listing: StoredListing, env: Env): Promise<string> {
  const { media = {}, seeds, leeches, healthAt } = listing
  const { durationMs, width, height, photoCount } = media as Record<string, number | undefined>
  const facts = await formatFacts(
    [
      ['Title', visibleName(listing.title)],
      ['Section', listing.section],
      ['Tags', listing.tags.length > 0 ? visibleName(listing.tags.join(', ')) : undefined],
      ['Licence', visibleName(listing.license)],
      ['Creator', listing.creator && visibleName(listing.creator)],
      ['Language', listing.language],
      ['Made', listing.createdAt],
      ['Published', listing.publishedAt],
      ['Size', `${formatSize(listing.sizeBytes)} in ${formatCount(listing.fileCount, 'file')}`],
      ['Length', durationMs === undefined ? undefined : formatDuration(durationMs)],
      ['Dimensions', width && height ? `${width} × ${height}` : undefined],
      ['Photos', photoCount === undefined ? undefined : `${photoCount}`],
      [
        'Swarm',
        seeds === undefined
          ? undefined
          : `${formatCount(seeds, 'seed')}, ${formatCount(leeches ?? 0, 'leech', 'leeches')} on ${healthAt?.toISOString()}`,
      ],
      ['Publisher', listing.publisher],
      ['Id', listing.id],
      ['Number', `${listing.number}`],
      ['Revision', `${listing.revision}`],
      ['Link', visibleName(listing.magnet)],
    ],
    env.stdout,
    env,
  )
  const description = listing.description.split('\n').map(visibleName).join('\n')
  return description === '' ? facts : `${facts}\n\n${description}`
}

function byOf({ creator, license }: StoredListing): string {
  return creator === undefined ? license : `${creator}, ${license}`
}
