import { html } from 'hono/html'
import type { Session } from '../../moderation/moderators.ts'
import type { Site } from '../site.ts'
import { layout } from './parts/layout.ts'
import type { Html } from './parts/markup.ts'

const places = [
  { path: '/review', name: 'Queue' },
  { path: '/review/log', name: 'Log' },
  { path: '/review/blocked', name: 'Blocked' },
] as const

export interface ModeratorPage {
  readonly title: string
  readonly at?: (typeof places)[number]['path'] | undefined
  readonly main: Html
}

/** A page that only moderators see. */
export function moderatorLayout(site: Site, session: Session, { title, at, main }: ModeratorPage): Html {
  return layout(site, {
    title,
    current: 'review',
    main: html`<div class="stack"><div class="toolbar">
<nav class="sorts" aria-label="Review">${places.map(({ path, name }) => html`<a href="${path}"${path === at ? html` aria-current="page"` : ''}>${name}</a>`)}</nav>
<form class="actions sign-out" method="post" action="/sign-out">${csrfField(session)}<span class="soft">Signed in as <bdi>${session.moderator.name}</bdi></span> <button class="button quiet" type="submit">Sign out</button></form>
</div>
${main}</div>`,
  })
}

export function csrfField({ csrf }: Session): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}">`
}
