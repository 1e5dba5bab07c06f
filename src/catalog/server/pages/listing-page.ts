import { html } from 'hono/html'
import type { StoredListing } from '../../store/listing-store.ts'
import { magnetFor } from '../magnet-for.ts'
import {
  listingPath,
  posterPath,
  publisherPath,
  qrPath,
  sectionPath,
  tagPath,
  torrentPath,
} from '../paths.ts'
import type { Site } from '../site.ts'
import { filtersHref } from './filters.ts'
import type { FileLists, ListedFiles } from './listing-files.ts'
import { contactHref } from './parts/contact.ts'
import { copyable } from './parts/copyable.ts'
import { fileTable } from './parts/file-table.ts'
import {
  formatAge,
  formatDate,
  formatDuration,
  formatLanguage,
  formatSize,
  plainText,
} from './parts/format.ts'
import { icon } from './parts/icons.ts'
import { layout } from './parts/layout.ts'
import { describeLicense } from './parts/licenses.ts'
import { blankPoster, cardGrid, sectionNames } from './parts/listing-card.ts'
import type { Html } from './parts/markup.ts'
import { paragraphs } from './parts/paragraphs.ts'

const moreShown = 4

/** One listing: what it is, and how to get it. */
export async function listingPage(site: Site, fileLists: FileLists, listing: StoredListing): Promise<Html> {
  const { id, title, section, description, tags, creator, poster, publisher } = listing
  const [files, others] = await Promise.all([
    fileLists.of(listing),
    site.store.search({ publisher, sort: 'newest', limit: moreShown + 1, countsTotal: false }),
  ])
  const more = others.listings.filter(other => other.id !== id).slice(0, moreShown)
  return layout(site, {
    title,
    description: description.replace(/\s+/g, ' ').slice(0, 200) || sectionNames[section],
    path: listingPath(id),
    picture: poster && posterPath(poster.sha256),
    feed: { publisher },
    main: html`<article class="detail">
<div class="detail-head">
<div class="stage">${
      poster
        ? html`<img src="${posterPath(poster.sha256)}" width="${poster.width}" height="${poster.height}" alt="Poster of ${plainText(title)}">`
        : blankPoster(section)
    }</div>
<header class="title-block">
<p class="crumbs"><a href="${sectionPath(section)}">${icon(section)}${sectionNames[section]}</a></p>
<h1 dir="auto">${title}</h1>
${creator && html`<p>by <a href="${filtersHref({ creator })}"><bdi>${creator}</bdi></a></p>`}
</header>
</div>
<aside class="detail-side" aria-label="Get it, and facts">
${getPanel(site, listing, files)}
${factsPanel(site, listing)}
</aside>
<div class="detail-main">
${description && html`<div class="prose">${paragraphs(description)}</div>`}
${tags.length > 0 && html`<ul class="tags" aria-label="Tags">${tags.map(tag => html`<li><a class="tag" href="${tagPath(tag)}"><bdi>${tag}</bdi></a></li>`)}</ul>`}
${files && html`<section aria-labelledby="files"><div class="row-head"><h2 id="files">Files</h2></div>${fileTable(files)}</section>`}
</div>
</article>
${more.length > 0 && html`<section class="shelf" aria-labelledby="more"><header><h2 id="more">More by this publisher</h2><a href="${publisherPath(publisher)}">All of them</a></header>${cardGrid(more)}</section>`}`,
  })
}

function getPanel(site: Site, listing: StoredListing, files: ListedFiles | undefined): Html {
  const { id, sizeBytes } = listing
  const magnet = magnetFor(site, listing)
  return html`<section class="panel get" aria-labelledby="get"><h2 id="get">Get it <span class="soft">· ${formatSize(sizeBytes)}</span></h2>
${health(site, listing)}
<a class="button primary" href="${magnet}">${icon('magnet')}Open the magnet link</a>
${files && html`<a class="button" href="${torrentPath(id)}" download>${icon('download')}Download the .torrent</a>`}
${copyable('On the command line', `p2pshare get '${magnet}'`)}
<details class="qr"><summary>QR code of the magnet link</summary><img src="${qrPath(id)}" width="240" height="240" loading="lazy" alt="QR code of the magnet link"></details>
</section>`
}

function health(site: Site, { seeds, leeches, healthAt }: StoredListing): Html {
  if (seeds === undefined || !healthAt)
    return html`<p class="health soft">Nobody has counted its seeds yet</p>`
  return html`<p class="health"><span class="seeds">${strongCount(seeds, 'seed')}</span> <span>${strongCount(leeches ?? 0, 'leech', 'leeches')}</span>
<span class="when">checked <time datetime="${healthAt.toISOString()}">${formatAge(healthAt, site.now())}</time></span></p>`
}

function strongCount(count: number, one: string, many = `${one}s`): Html {
  return html`<b>${count.toLocaleString('en')}</b> ${count === 1 ? one : many}`
}

function factsPanel(site: Site, listing: StoredListing): Html {
  const { license, sizeBytes, fileCount, media, language, createdAt, publishedAt, publisher, revision, id } =
    listing
  const { name, href } = describeLicense(license)
  const contact = contactHref(site.settings.contact, `Listing ${id}`)
  const facts: [string, Html | string | undefined][] = [
    ['Licence', href ? html`<a href="${href}" rel="license noopener">${name}</a>` : html`<bdi>${name}</bdi>`],
    ['Size', formatSize(sizeBytes)],
    ['Files', fileCount.toLocaleString('en')],
    ['Duration', media?.durationMs ? formatDuration(media.durationMs) : undefined],
    ['Dimensions', media?.width && media.height ? `${media.width} × ${media.height}` : undefined],
    ['Photos', media?.photoCount?.toLocaleString('en')],
    ['Language', language && formatLanguage(language)],
    ['Made', createdAt && timeOf(createdAt)],
    ['Published', timeOf(publishedAt)],
    ['Revision', String(revision)],
    [
      'Publisher',
      html`<a class="mono" href="${publisherPath(publisher)}" title="${publisher}">${publisher.slice(0, 16)}</a>`,
    ],
  ]
  return html`<section class="panel" aria-labelledby="facts"><h2 id="facts">Facts</h2><dl class="facts">
${facts.map(([label, value]) => value && html`<dt>${label}</dt><dd>${value}</dd>`)}
${hashFact('Info-hash', listing.infoHash)}${hashFact('Info-hash, version 2', listing.infoHashV2)}${hashFact('Listing', id)}
</dl>
${contact && html`<p class="small more"><a href="${contact}">Something is wrong with this listing</a></p>`}</section>`
}

function hashFact(label: string, hash: string | undefined): Html | undefined {
  if (hash === undefined) return undefined
  return html`<dt class="wide">${label}</dt><dd class="wide hash">${hash}</dd>`
}

function timeOf(time: string): Html {
  return html`<time datetime="${time}">${formatDate(time)}</time>`
}
