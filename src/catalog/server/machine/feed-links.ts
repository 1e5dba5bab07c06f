import type { Hex } from '../../../core/index.ts'
import type { Section } from '../../listing/fields.ts'

/** What a feed is of; with nothing of it, of everything. */
export interface FeedOf {
  readonly section?: Section | undefined
  readonly tag?: string | undefined
  readonly publisher?: Hex | undefined
  /** A person's words, as in the search. */
  readonly query?: string | undefined
}

/** Where the feed of a page is. */
export function feedPath({ section, tag, publisher, query }: FeedOf): string {
  if (query !== undefined) {
    const parameters = new URLSearchParams({ q: query })
    for (const [key, value] of Object.entries({ section, tag, publisher }))
      if (value !== undefined) parameters.set(key, value)
    return `/rss/search?${parameters}`
  }
  if (tag !== undefined) return `/rss/tag/${encodeURIComponent(tag)}`
  if (publisher !== undefined) return `/rss/publisher/${publisher}`
  return section === undefined ? '/rss' : `/rss/section/${section}`
}

/** A feed that belongs to a page. */
export interface FeedLink {
  readonly title: string
  readonly href: string
}

/** What the head of a page links to, as `<link rel="alternate" type="application/rss+xml">`: its own feed, then that of everything. */
export function feedLinksFor(page: FeedOf = {}): readonly FeedLink[] {
  const everything = { title: feedTitle({}), href: feedPath({}) }
  const own = { title: feedTitle(page), href: feedPath(page) }
  return own.href === everything.href ? [everything] : [own, everything]
}

export function feedTitle({ section, tag, publisher, query }: FeedOf): string {
  const parts = [
    ...(query ? [`“${query}”`] : []),
    ...(section ? [section] : []),
    ...(tag ? [`tagged ${tag}`] : []),
    ...(publisher ? [`by ${publisher.slice(0, 16)}`] : []),
  ]
  return parts.length === 0 ? 'Newest listings' : `Newest listings: ${parts.join(', ')}`
}
