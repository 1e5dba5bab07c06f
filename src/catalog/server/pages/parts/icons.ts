import { raw } from 'hono/html'
import type { Section } from '../../../listing/fields.ts'
import type { Html } from './markup.ts'

const shapes = {
  video: '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="m10 9.2 5 2.8-5 2.8z"/>',
  photos:
    '<rect x="3" y="4.5" width="18" height="15" rx="3"/><circle cx="8.5" cy="9.8" r="1.6"/><path d="m3.5 17 5-4.5 3.5 3 3.5-3.5 5 4.5"/>',
  music:
    '<path d="M9 17.5V6l10-2v11.5"/><circle cx="6.5" cy="17.5" r="2.5"/><circle cx="16.5" cy="15.5" r="2.5"/>',
  software:
    '<rect x="3" y="4.5" width="18" height="15" rx="3"/><path d="M3 9h18M8.5 12.5l-2 2 2 2M13 16.5h4"/>',
  other: '<path d="M4 8.5V17a2.5 2.5 0 0 0 2.5 2.5h11A2.5 2.5 0 0 0 20 17V8.5M3 4.5h18v4H3zM10 12.5h4"/>',
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
  magnet: '<path d="M5 4h4v8a3 3 0 0 0 6 0V4h4v8a7 7 0 0 1-14 0zM5 8h4M15 8h4"/>',
  download: '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  alert: '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2"/>',
  mark: '<path d="M7.5 8.5 11 16M16.5 8.5 13 16M8.5 6.5h7"/><g fill="currentColor"><circle cx="6" cy="6" r="2.6"/><circle cx="18" cy="6" r="2.6"/><circle cx="12" cy="18" r="2.6"/></g>',
} as const satisfies Record<Section, string> & Record<string, string>

export type IconName = keyof typeof shapes

const icons = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [
    name,
    raw(
      `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shape}</svg>`,
    ),
  ]),
) as Record<IconName, Html>

/** A picture that goes with words; readers of the screen pass over it. */
export function icon(name: IconName): Html {
  return icons[name]
}
