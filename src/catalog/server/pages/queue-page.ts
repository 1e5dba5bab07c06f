import { html } from 'hono/html'
import type { Session } from '../../moderation/moderators.ts'
import type { Submission } from '../../submission/submission.ts'
import type { Site } from '../site.ts'
import { moderatorLayout } from './moderator-layout.ts'
import { formatAge, formatCount, formatSize } from './parts/format.ts'
import { sectionNames } from './parts/listing-card.ts'
import type { Html } from './parts/markup.ts'
import { stateNames } from './status-page.ts'

export const queueStates = ['open', 'ready', 'unreachable', 'accepted', 'rejected'] as const
export type QueueState = (typeof queueStates)[number]
export const queuePageSize = 30

/** Submissions in a state, newest first. */
export function queuePage(
  site: Site,
  session: Session,
  { state, submissions }: { readonly state: QueueState; readonly submissions: readonly Submission[] },
): Html {
  const last = submissions.at(-1)
  const nameOf = (one: QueueState) => (one === 'open' ? 'Undecided' : stateNames[one])
  return moderatorLayout(site, session, {
    title: 'Review queue',
    at: '/review',
    main: html`<div class="page-head"><h1>Review queue</h1>
<nav aria-label="States"><ul class="pills">${queueStates.map(
      one =>
        html`<li><a class="pill" href="/review?state=${one}"${one === state ? html` aria-current="true"` : ''}>${nameOf(one)}</a></li>`,
    )}</ul></nav></div>
${
  submissions.length === 0
    ? html`<div class="empty"><p>Nothing here. Well done.</p></div>`
    : html`<ol class="queue">${submissions.map(submission => entry(site, submission))}</ol>`
}
${submissions.length === queuePageSize && last ? html`<nav class="paging" aria-label="Pages"><a class="button quiet" rel="next" href="/review?state=${state}&amp;before=${last.id}">Earlier ones</a></nav>` : ''}`,
  })
}

function entry(
  site: Site,
  { id, state, title, section, sizeBytes, fileCount, submittedAt, duplicates }: Submission,
): Html {
  const known = duplicates.listings.length + duplicates.submissions.length
  return html`<li><h2><a href="/review/${id}"><bdi>${title}</bdi></a></h2>
<p class="meta"><span class="state ${state}">${stateNames[state]}</span><span>${sectionNames[section]}</span>
${sizeBytes !== undefined && html`<span>${formatSize(sizeBytes)}, ${formatCount(fileCount ?? 0, 'file')}</span>`}
${known > 0 && html`<span class="state waiting">Known torrent</span>`}<span>${formatAge(submittedAt, site.now())}</span></p></li>`
}
