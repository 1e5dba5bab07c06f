import { html } from 'hono/html'
import { type FeedOf, feedLinksFor } from '../../machine/feed-links.ts'
import { type Site, siteUrl } from '../../site.ts'
import { copyScript, favicon, stylesheet } from '../assets/assets.ts'
import { plainText } from './format.ts'
import { icon } from './icons.ts'
import type { Html } from './markup.ts'
import { searchBox } from './search-box.ts'

export interface Page {
  /** Of the page; the site's name is added. */
  readonly title: string
  readonly description?: string | undefined
  readonly main: Html
  /** Its canonical path, where it is one to be found and shared. */
  readonly path?: string | undefined
  readonly picture?: string | undefined
  /** The feed that belongs to the page. */
  readonly feed?: FeedOf | undefined
  /** What stands in the search box of the head; `false` for a page that has one of its own. */
  readonly search?: string | false | undefined
  readonly current?: 'submit' | 'about' | 'review' | undefined
}

/** A whole document around what a page has to say. */
export function layout(site: Site, page: Page): Html {
  const { settings } = site
  const title = plainText(page.title)
  const about = plainText(page.description ?? settings.description)
  const current = (name: Page['current']) => (page.current === name ? html` aria-current="page"` : '')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1b1e1d" media="(prefers-color-scheme: dark)">
<title>${title === settings.name ? title : `${title} – ${settings.name}`}</title>
${about && html`<meta name="description" content="${about}">`}
${page.path === undefined ? html`<meta name="robots" content="noindex">` : sharing(site, page, { title, about })}
<link rel="icon" type="image/svg+xml" href="${favicon.path}">
<link rel="stylesheet" href="${stylesheet.path}">
${feedLinksFor(page.feed).map(
  feed => html`<link rel="alternate" type="application/rss+xml" title="${plainText(feed.title)}" href="${feed.href}">
`,
)}<script src="${copyScript.path}" type="module"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="site-head"><div class="wrap">
<a class="brand" href="/">${icon('mark')}<bdi>${settings.name}</bdi></a>
${page.search === false ? '' : html`<div class="head-search">${searchBox({ text: page.search ?? '' })}</div>`}
<nav class="site-nav" aria-label="Site"><ul>
<li><a href="/submit"${current('submit')}>Submit</a></li>
<li><a href="/about"${current('about')}>About</a></li>
</ul></nav>
</div></header>
<main id="content" tabindex="-1"><div class="wrap">
${page.main}
</div></main>
<footer class="site-foot"><div class="wrap">
<p>Everything here is shared by the people who have it.</p>
<a href="${feedLinksFor(page.feed)[0]!.href}">RSS</a>
<a href="/about#follow">Follow this catalog</a>
<a href="/review"${current('review')}>Moderators</a>
</div></footer>
</body>
</html>`
}

function sharing(
  site: Site,
  { path, picture }: Page,
  { title, about }: { title: string; about: string },
): Html {
  return html`<link rel="canonical" href="${siteUrl(site, path!)}">
<meta property="og:title" content="${title}">
<meta property="og:site_name" content="${site.settings.name}">
<meta property="og:url" content="${siteUrl(site, path!)}">
${about && html`<meta property="og:description" content="${about.slice(0, 300)}">`}
${picture && html`<meta property="og:image" content="${siteUrl(site, picture)}">`}`
}
