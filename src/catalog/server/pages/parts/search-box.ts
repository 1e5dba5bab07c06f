import { html } from 'hono/html'
import { icon } from './icons.ts'
import type { Html } from './markup.ts'

export interface SearchBoxInit {
  readonly text: string
  /** What stays chosen while words change. */
  readonly kept?: Readonly<Record<string, string>> | undefined
  /** For a page on which it is the main thing. */
  readonly isLarge?: boolean | undefined
}

export function searchBox({ text, kept = {}, isLarge = false }: SearchBoxInit): Html {
  return html`<form class="search-box${isLarge ? ' large' : ''}" action="/search" method="get" role="search">
<input type="search" name="q" value="${text}" maxlength="500" placeholder="Search titles, tags, creators" aria-label="Search the catalog" dir="auto" autocomplete="off">
${Object.entries(kept).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">${icon('search')}<span${isLarge ? '' : html` class="hidden-visually"`}>Search</span></button>
</form>`
}
