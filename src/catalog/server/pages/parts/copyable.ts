import { html } from 'hono/html'
import type { Html } from './markup.ts'

/** Text to be copied: one click selects all of it, and a button copies it where scripts run. */
export function copyable(label: string, text: string): Html {
  return html`<div class="copy"><div class="bar"><span class="label">${label}</span></div><code tabindex="0" dir="ltr">${text}</code></div>`
}
