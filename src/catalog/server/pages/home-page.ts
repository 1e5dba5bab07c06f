import { html } from 'hono/html'
import { type Section, sections } from '../../listing/fields.ts'
import type { StoredListing } from '../../store/listing-store.ts'
import { sectionPath } from '../paths.ts'
import type { Site } from '../site.ts'
import { icon } from './parts/icons.ts'
import { layout } from './parts/layout.ts'
import { cardGrid, rankedList, sectionNames } from './parts/listing-card.ts'
import type { Html } from './parts/markup.ts'
import { searchBox } from './parts/search-box.ts'

const newestShown = 6
const popularShown = 4

interface Shelf {
  readonly section: Section
  readonly count: number
  readonly newest: readonly StoredListing[]
  readonly popular: readonly StoredListing[]
}

/** What is there: the search first, then each section's newest and most popular listings. */
export async function homePage(site: Site): Promise<Html> {
  const { name, description } = site.settings
  const { listings, bySection } = await site.store.counts()
  const shelves = await Promise.all(
    sections
      .filter(section => bySection[section] > 0)
      .map(section => shelfOf(site, section, bySection[section])),
  )
  return layout(site, {
    title: name,
    path: '/',
    search: false,
    main: html`<section class="hero">
<h1><bdi>${name}</bdi></h1>
${description && html`<p><bdi>${description}</bdi></p>`}
${searchBox({ text: '', isLarge: true })}
${shelves.length > 0 && html`<nav aria-label="Sections"><ul class="pills">${shelves.map(sectionPill)}</ul></nav>`}
</section>
${listings === 0 ? welcome() : shelves.map(shelf)}`,
  })
}

async function shelfOf({ store }: Site, section: Section, count: number): Promise<Shelf> {
  const [newest, popular] = await Promise.all([
    store.search({ section, sort: 'newest', limit: newestShown, countsTotal: false }),
    store.search({ section, sort: 'popular', limit: popularShown, countsTotal: false }),
  ])
  // Popular is what somebody is known to share.
  const shared = popular.listings.filter(({ seeds = 0, leeches = 0 }) => seeds + leeches > 0)
  return { section, count, newest: newest.listings, popular: shared }
}

function sectionPill({ section, count }: Shelf): Html {
  return html`<li><a class="pill" href="${sectionPath(section)}">${icon(section)}${sectionNames[section]} <span class="count">${count.toLocaleString('en')}</span></a></li>`
}

function shelf({ section, count, newest, popular }: Shelf): Html {
  const id = `section-${section}`
  const hasPopular = popular.length > 0 && count > 1
  return html`<section class="shelf" aria-labelledby="${id}">
<header><h2 id="${id}">${icon(section)}${sectionNames[section]}</h2><a href="${sectionPath(section)}">All of ${sectionNames[section].toLowerCase()}</a></header>
<div class="shelf-columns${hasPopular ? ' two' : ''}">
<div><h3>Newest</h3>${cardGrid(newest, 'h4')}</div>
${hasPopular ? html`<div><h3>Popular</h3>${rankedList(popular)}</div>` : ''}
</div></section>`
}

function welcome(): Html {
  return html`<div class="empty"><h2>Nothing here yet</h2>
<p>Be the first: <a href="/submit">submit something of yours</a>, a film, photos, music or software.</p></div>`
}
