import { raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

const shapes = {
  mark: '<path d="M7.5 8.5 11 16M16.5 8.5 13 16M8.5 6.5h7"/><g fill="currentColor"><circle cx="6" cy="6" r="2.6"/><circle cx="18" cy="6" r="2.6"/><circle cx="12" cy="18" r="2.6"/></g>',
  transfers: '<path d="M7.5 4v15M4 15.5 7.5 19l3.5-3.5M16.5 20V5M13 8.5 16.5 5 20 8.5"/>',
  activity: '<path d="M3.5 18.5h17M4.5 14l4.5-5 4 3.5 6.5-7"/>',
  following: '<path d="M5 19.5V5.5A1.5 1.5 0 0 1 6.5 4h11A1.5 1.5 0 0 1 19 5.5v14L12 15z"/>',
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  gauge: '<path d="M4.5 17.5a8.5 8.5 0 1 1 15 0M12 14l4-4.5"/><circle cx="12" cy="14" r="1.2"/>',
  help: '<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.7a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M12 16.6v.1"/>',
  leave:
    '<path d="M14 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h7M10.5 12h9M16 8.5l3.5 3.5-3.5 3.5"/>',
  down: '<path d="M12 5v13M6.5 12.5 12 18l5.5-5.5"/>',
  up: '<path d="M12 19V6M6.5 11.5 12 6l5.5 5.5"/>',
  pause: '<path d="M9 6v12M15 6v12"/>',
  resume: '<path d="M8 5.5v13l10.5-6.5z"/>',
  remove: '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.5 11v5M13.5 11v5"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
  done: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  warn: '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2"/>',
  check: '<path d="M5 4.5h14v15H5zM8.5 9.5h7M8.5 13h7M8.5 16.5h4"/>',
  back: '<path d="M19 12H5M11 6l-6 6 6 6"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  copy: '<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2"/>',
  upload: '<path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15.5v2a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-2"/>',
  file: '<path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4"/>',
  folder:
    '<path d="M3.5 6.5a1.5 1.5 0 0 1 1.5-1.5h4.5l2 2.5H19A1.5 1.5 0 0 1 20.5 9v8.5A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5z"/>',
  magnet: '<path d="M5 4h4v8a3 3 0 0 0 6 0V4h4v8a7 7 0 0 1-14 0zM5 8h4M15 8h4"/>',
  sort: '<path d="M8 6v12M4.5 14.5 8 18l3.5-3.5M16 18V6M12.5 9.5 16 6l3.5 3.5"/>',
} as const satisfies Record<string, string>

/** Every picture once, hidden: the page shows them by `#i-<name>`. */
export const iconSheet: HtmlEscapedString = raw(
  `<svg hidden aria-hidden="true">${Object.entries(shapes)
    .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 24 24">${shape}</symbol>`)
    .join('')}</svg>`,
) as HtmlEscapedString

/** A picture that goes with words; readers of the screen pass over it. */
export function icon(name: keyof typeof shapes): HtmlEscapedString {
  return raw(
    `<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-${name}"></use></svg>`,
  ) as HtmlEscapedString
}
