import { html } from 'hono/html'
import { sections } from '../../listing/fields.ts'
import type { FacetCount, Facets, SearchPage, SearchSort } from '../../search/search-query.ts'
import type { Site } from '../site.ts'
import { type Filters, filtersHref, lastPage, listingsPerPage } from './filters.ts'
import { formatCount } from './parts/format.ts'
import { icon } from './parts/icons.ts'
import { layout } from './parts/layout.ts'
import { describeLicense } from './parts/licenses.ts'
import { cardGrid, sectionNames } from './parts/listing-card.ts'
import type { Html } from './parts/markup.ts'
import { searchSyntax } from './parts/search-syntax.ts'

/** In the order in which they are offered. */
const sortNames: Readonly<Record<SearchSort, string>> = {
  relevance: 'Best match',
  newest: 'Newest',
  popular: 'Popular',
  largest: 'Largest',
  smallest: 'Smallest',
  oldest: 'Oldest',
}
const sortsOffered = Object.keys(sortNames) as SearchSort[]
const facetsShown = 12

/** Listings that were searched for, or of a section, a tag or a publisher: what there is and how to narrow it. */
export function browsePage(site: Site, filters: Filters, found: SearchPage, facets: Facets): Html {
  const { text, section, tag, publisher, page = 1 } = filters
  const title = titleOf(filters)
  const hasFacets = [facets.sections, facets.tags, facets.licenses, facets.creators].some(
    ({ length }) => length > 0,
  )
  const isPlain = filtersHref({ ...filters, sort: undefined, page: undefined }) !== '/search'
  return layout(site, {
    title: page > 1 ? `${title}, page ${page}` : title,
    path: filters.sort || page > 1 || !isPlain ? undefined : filtersHref(filters),
    description: `${title}: ${totalOf(found)} on ${site.settings.name}`,
    feed: { section, tag, publisher, query: text },
    search: text ?? '',
    main: html`<div class="page-head">
<h1>${section && !text ? icon(section) : ''}<span>${headingOf(filters)}</span></h1>
${publisher && !text ? publisherKey(publisher) : ''}
${chips(filters)}
</div>
<div class="${hasFacets ? 'browse' : 'browse whole'}">
${hasFacets ? sidebar(filters, facets) : ''}
<div>
<div class="toolbar"><p class="total" role="status">${totalOf(found)}</p>${found.total > 1 ? sortLinks(filters) : ''}</div>
${found.listings.length === 0 ? nothing(filters) : html`<h2 class="hidden-visually">Listings</h2>${cardGrid(found.listings)}`}
${paging(filters, found)}
</div>
</div>`,
  })
}

function titleOf({ text, section, tag, publisher, license, creator }: Filters): string {
  if (text) return `Search: ${text}`
  if (section && !tag && !publisher) return sectionNames[section]
  if (tag) return `Tagged “${tag}”`
  if (publisher) return `Publisher ${publisher.slice(0, 16)}`
  if (creator) return `By ${creator}`
  return license ? describeLicense(license).name : 'All listings'
}

function headingOf(filters: Filters): Html | string {
  const { text, section, tag, publisher, creator } = filters
  if (text) return html`Results for “<bdi>${text}</bdi>”`
  if (tag && !(section && publisher)) return html`Tagged “<bdi>${tag}</bdi>”`
  if (publisher) return html`Publisher <span class="mono">${publisher.slice(0, 16)}</span>`
  return creator && !section ? html`By <bdi>${creator}</bdi>` : titleOf(filters)
}

function publisherKey(publisher: string): Html {
  return html`<p class="soft small">Everything here is signed with the key <span class="mono">${publisher}</span></p>`
}

function totalOf({ total, isTotalExact }: SearchPage): string {
  if (total === 0) return 'No listings'
  return `${isTotalExact ? '' : 'More than '}${formatCount(total, 'listing')}`
}

/** What the listings are narrowed to, each with a way to take it away. */
function chips(filters: Filters): Html | string {
  const { section, tag, license, creator, publisher } = filters
  const named = [
    section && (['section', 'Section', sectionNames[section]] as const),
    tag && (['tag', 'Tag', tag] as const),
    license && (['license', 'Licence', describeLicense(license).name] as const),
    creator && (['creator', 'Creator', creator] as const),
    publisher && (['publisher', 'Publisher', publisher.slice(0, 8)] as const),
  ].filter(one => one !== undefined && one !== '')
  if (named.length === 0 || (named.length === 1 && !filters.text)) return ''
  return html`<ul class="pills" aria-label="Filters">${named.map(
    ([name, label, value]) =>
      html`<li><a class="pill chip" href="${filtersHref({ ...filters, [name]: undefined, page: undefined })}"><span class="hidden-visually">Remove the filter </span><span>${label}: <bdi>${value}</bdi></span>${icon('close')}</a></li>`,
  )}</ul>`
}

function sidebar(filters: Filters, facets: Facets): Html {
  const chosen = [filters.section, filters.tag, filters.license, filters.creator].filter(Boolean).length
  const nameOfSection = (value: string) => sectionNames[sections.find(one => one === value) ?? 'other']
  return html`<details class="facets"><summary>Filters${chosen > 0 ? ` (${chosen})` : ''}</summary>
<nav aria-label="Filters">
${facet('Section', 'section', facets.sections, filters, nameOfSection)}
${facet('Tags', 'tag', facets.tags, filters)}
${facet('Licence', 'license', facets.licenses, filters, value => describeLicense(value).name)}
${facet('Creator', 'creator', facets.creators, filters)}
${facets.isExact ? '' : html`<p class="small soft">Counted over the first of many listings.</p>`}
</nav></details>`
}

function facet(
  label: string,
  name: 'section' | 'tag' | 'license' | 'creator',
  counts: readonly FacetCount[],
  filters: Filters,
  nameOf: (value: string) => string = value => value,
): Html | string {
  if (counts.length === 0) return ''
  return html`<section class="facet"><h2>${label}</h2><ul>${counts
    .slice(0, facetsShown)
    .map(({ value, count }) => {
      const isChosen = filters[name] === value
      const href = filtersHref({ ...filters, [name]: isChosen ? undefined : value, page: undefined })
      return html`<li><a href="${href}"${isChosen ? html` aria-current="true"` : ''}><bdi>${nameOf(value)}</bdi><span class="count">${count.toLocaleString('en')}</span></a></li>`
    })}</ul></section>`
}

function sortLinks(filters: Filters): Html {
  const byDefault = filters.text ? 'relevance' : 'newest'
  const current = filters.sort ?? byDefault
  return html`<nav class="sorts" aria-label="Order">${sortsOffered
    .filter(sort => filters.text || sort !== 'relevance')
    .map(sort => {
      const href = filtersHref({ ...filters, sort: sort === byDefault ? undefined : sort, page: undefined })
      return html`<a href="${href}"${sort === current ? html` aria-current="true"` : ''}>${sortNames[sort]}</a>`
    })}</nav>`
}

function paging(filters: Filters, { total, isTotalExact }: SearchPage): Html | string {
  const { page = 1 } = filters
  const pages = Math.min(Math.ceil(total / listingsPerPage), lastPage)
  const hasNext = page < lastPage && (page < pages || !isTotalExact)
  if (page === 1 && !hasNext) return ''
  const link = (to: number, words: string, rel: string) =>
    html`<a class="button quiet" rel="${rel}" href="${filtersHref({ ...filters, page: to > 1 ? to : undefined })}">${words}</a>`
  return html`<nav class="paging" aria-label="Pages">${page > 1 ? link(page - 1, 'Previous', 'prev') : ''}
<span class="soft">Page ${page}${isTotalExact ? ` of ${pages}` : ''}</span>
${hasNext ? link(page + 1, 'Next', 'next') : ''}</nav>`
}

function nothing(filters: Filters): Html {
  if (filters.page)
    return html`<div class="empty"><h2>There is no page ${filters.page}</h2><p><a href="${filtersHref({ ...filters, page: undefined })}">Go to the first page</a></p></div>`
  return html`<div class="empty"><h2>${filters.text ? 'Nothing found' : 'Nothing here yet'}</h2>
<p>${filters.text ? 'Try fewer or other words, or take a filter away.' : 'Nothing was published here so far.'}</p>
${filters.text ? html`<h3>What you can write</h3>${searchSyntax()}` : html`<p><a href="/submit">Submit something</a></p>`}</div>`
}
