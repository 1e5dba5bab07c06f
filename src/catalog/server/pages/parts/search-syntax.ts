import { html } from 'hono/html'
import type { Html } from './markup.ts'

const syntax = [
  ['lions zoo', 'both words, in any order'],
  ['"white lion"', 'these words one after the other'],
  ['photo*', 'words that begin with it'],
  ['lion OR tiger', 'one of them, or both'],
  ['lion -circus', 'without a word'],
  ['tag:zoo section:video', 'of a tag, of a section'],
  ['license:CC-BY-4.0 creator:ann', 'of a licence, by somebody'],
  ['size:>100MB date:2026-05..', 'larger than, since'],
] as const

/** What can be written into the search box. */
export function searchSyntax(): Html {
  return html`<dl class="syntax">${syntax.map(([words, meaning]) => html`<dt>${words}</dt><dd>${meaning}</dd>`)}</dl>`
}
