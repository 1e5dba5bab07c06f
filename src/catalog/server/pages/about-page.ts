import { html } from 'hono/html'
import { type Site, siteUrl } from '../site.ts'
import { contactHref } from './parts/contact.ts'
import { copyable } from './parts/copyable.ts'
import { layout } from './parts/layout.ts'
import type { Html } from './parts/markup.ts'
import { paragraphs } from './parts/paragraphs.ts'
import { searchSyntax } from './parts/search-syntax.ts'

/** What the site is, how to search, and how to have its catalog without it. */
export function aboutPage(site: Site): Html {
  const { settings, own } = site
  const contact = contactHref(settings.contact, settings.name)
  return layout(site, {
    title: 'About',
    path: '/about',
    current: 'about',
    main: html`<div class="prose">
<h1>About <bdi>${settings.name}</bdi></h1>
${settings.about ? paragraphs(settings.about) : html`<p>${settings.description}</p>`}
<p>Nothing is stored here but descriptions. The files are with the people who share them, and whoever fetches one shares it on: open a magnet link with a BitTorrent client, or with <code>p2pshare get</code>.</p>
${contact && html`<p><a href="${contact}">Write to us</a>, also where a listing should not be here.</p>`}
<h2 id="search">Searching</h2>
${searchSyntax()}
<h2 id="follow">Follow this catalog</h2>
<p>The catalog travels through the swarm itself, signed with the key below. Whoever follows it has all of it, searches it offline, and passes it on, even while this site is away.</p>
${copyable('By its link', `p2pshare catalog add '${own.link}'`)}
${copyable('By the address of this site', `p2pshare catalog add ${siteUrl(site, '/')}`)}
${copyable('Public key', own.publicKey)}
<h2 id="machines">For programs</h2>
<ul><li><a href="/rss">RSS of the newest listings</a>; every section, tag, publisher and search has a feed too</li>
<li><a href="/api/v1/openapi.json">JSON API</a></li>
<li>Torznab: <code>${siteUrl(site, '/torznab/api')}</code></li></ul>
</div>`,
  })
}
