import { html } from 'hono/html'
import type { Html } from './markup.ts'

/** Text as it was written: an empty line parts paragraphs, a line feed breaks the line. */
export function paragraphs(text: string): Html[] {
  return text
    .split(/\n[^\S\n]*\n\s*/)
    .filter(part => part.trim() !== '')
    .map(
      part =>
        html`<p dir="auto">${part
          .trim()
          .split('\n')
          .map((line, index) => (index > 0 ? html`<br>${line}` : line))}</p>`,
    )
}
