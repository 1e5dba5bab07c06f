import { html } from 'hono/html'
import { document, type Html } from './document.ts'
import { icon } from './icons.ts'

const places = [
  { href: '#/', icon: 'transfers', text: 'Transfers' },
  { href: '#/activity', icon: 'activity', text: 'Activity' },
  { href: '#/following', icon: 'following', text: 'Following' },
  { href: '#/search', icon: 'search', text: 'Search' },
] as const

/** The frame of the dashboard; its modules fill it. */
export function shellPage({ canSignOut }: { readonly canSignOut: boolean }): Html {
  return document({
    title: 'Seed box',
    runsScripts: true,
    body: html`<a class="skip" href="#content">Skip to the content</a>
<header class="head"><div class="wrap">
<a class="brand" href="#/">${icon('mark')}<span>Seed box</span></a>
<nav class="places" aria-label="Pages"><ul>
${places.map(
  place => html`<li><a href="${place.href}">${icon(place.icon)}<span>${place.text}</span></a></li>
`,
)}</ul></nav>
<p class="rates" title="All transfers together: received and sent">
<span class="hidden-visually">Receiving</span><span class="rate down">${icon('down')}<span class="number" id="rate-down">–</span></span>
<span class="hidden-visually">sending</span><span class="rate up">${icon('up')}<span class="number" id="rate-up">–</span></span>
</p>
<div class="head-tools">
<button class="tool" type="button" id="open-limits" title="Speed limits (l)">${icon('gauge')}<span class="hidden-visually">Speed limits</span>
<span class="hours" id="hours" hidden></span></button>
<button class="tool wide-only" type="button" id="open-help" title="Keyboard shortcuts (?)">${icon('help')}<span class="hidden-visually">Keyboard shortcuts</span></button>
${
  canSignOut
    ? html`<form method="post" action="/sign-out"><button class="tool" type="submit" title="Sign out">${icon('leave')}<span class="hidden-visually">Sign out</span></button></form>`
    : ''
}</div>
</div></header>
<p class="away" id="away" role="status"></p>
<main id="content" tabindex="-1"><div class="wrap" id="view"></div>
<noscript><div class="wrap"><p class="empty">This page needs JavaScript. Everything can be done with <code>p2pshare box</code> in a terminal as well.</p></div></noscript>
</main>
<div class="said hidden-visually" id="said" role="status"></div>
<div class="notices" id="notices"></div>`,
  })
}
