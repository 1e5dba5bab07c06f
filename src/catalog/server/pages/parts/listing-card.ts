import { html } from 'hono/html'
import type { Section } from '../../../listing/fields.ts'
import type { StoredListing } from '../../../store/listing-store.ts'
import { listingPath, posterPath } from '../../paths.ts'
import { formatCount, formatDuration, formatSize } from './format.ts'
import { icon } from './icons.ts'
import type { Html } from './markup.ts'

export const sectionNames: Readonly<Record<Section, string>> = {
  video: 'Video',
  photos: 'Photos',
  music: 'Music',
  software: 'Software',
  other: 'Other',
}

/** A listing among others; the whole card leads to its page. */
function listingCard(listing: StoredListing, heading: 'h3' | 'h4' = 'h3'): Html {
  const { id, title, creator, sizeBytes } = listing
  const link = html`<a href="${listingPath(id)}"><bdi>${title}</bdi></a>`
  return html`<li class="card">${cardPoster(listing)}<div>
${heading === 'h3' ? html`<h3>${link}</h3>` : html`<h4>${link}</h4>`}
<p class="meta">${creator && html`<span class="clip"><bdi>${creator}</bdi></span>`}<span>${formatSize(sizeBytes)}${seedsNote(listing)}</span></p></div></li>`
}

export function cardGrid(listings: readonly StoredListing[], heading: 'h3' | 'h4' = 'h3'): Html {
  return html`<ul class="cards">${listings.map(listing => listingCard(listing, heading))}</ul>`
}

/** A few listings, one below the other. */
export function rankedList(listings: readonly StoredListing[]): Html {
  return html`<ol class="ranks">${listings.map(listing => listingCard(listing, 'h4'))}</ol>`
}

/** What stands in for a poster, in the colours of the section. */
export function blankPoster(section: Section): Html {
  return html`<div class="blank ${section}">${icon(section)}</div>`
}

function cardPoster(listing: StoredListing): Html {
  const { poster, section } = listing
  const badge = badgeOf(listing)
  const ratio = poster ? poster.width / poster.height : 1.5
  return html`<div class="poster${ratio > 1.15 && ratio < 2.1 ? '' : ' whole'}">${
    poster
      ? html`<img src="${posterPath(poster.sha256)}" width="${poster.width}" height="${poster.height}" alt="" loading="lazy" decoding="async">`
      : blankPoster(section)
  }${badge && html`<span class="badge">${badge}</span>`}</div>`
}

function badgeOf({ section, media, fileCount }: StoredListing): string | undefined {
  if (media?.durationMs) return formatDuration(media.durationMs)
  if (media?.photoCount && media.photoCount > 1) return formatCount(media.photoCount, 'photo')
  return section === 'photos' && fileCount > 1 ? formatCount(fileCount, 'file') : undefined
}

function seedsNote({ seeds }: StoredListing): string {
  return seeds === undefined ? '' : ` · ${formatCount(seeds, 'seed')}`
}
