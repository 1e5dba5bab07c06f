import { html } from 'hono/html'
import type { Submission, SubmissionStatus } from '../../submission/submission.ts'
import { listingPath } from '../paths.ts'
import type { Site } from '../site.ts'
import { formatDate } from './parts/format.ts'
import { layout } from './parts/layout.ts'
import type { Html } from './parts/markup.ts'
import { paragraphs } from './parts/paragraphs.ts'

const explanations: Readonly<Record<Submission['state'], string>> = {
  received: 'We have it. The torrent is looked at next, then a moderator decides.',
  checking: 'The torrent is being looked up in the swarm. Keep sharing it, so that we find you.',
  ready: 'The torrent was found. A moderator decides next.',
  unreachable: 'Nobody was found who shares it. Please share it, so that it can be looked at: we try again.',
  accepted: 'It is listed.',
  rejected: 'It was not taken into the catalog.',
}

export const stateNames: Readonly<Record<Submission['state'], string>> = {
  received: 'Received',
  checking: 'Being checked',
  ready: 'Ready for review',
  unreachable: 'Not found in the swarm',
  accepted: 'Accepted',
  rejected: 'Rejected',
}

/** What the submitter may see, by the secret link. */
export function statusPage(site: Site, status: SubmissionStatus): Html {
  const { state, title, reason, listingId, duplicateListings, problem, submittedAt } = status
  return layout(site, {
    title: 'Your submission',
    main: html`<div class="stack narrow">
<div class="page-head"><h1>Your submission</h1><p><strong><bdi>${title}</bdi></strong></p>
<p><span class="state ${state}">${stateNames[state]}</span> <span class="soft">submitted on ${formatDate(submittedAt)}</span></p></div>
<p>${explanations[state]}</p>
${state === 'accepted' && listingId && html`<p><a class="button primary" href="${listingPath(listingId)}">See its page</a></p>`}
${reason && html`<div class="notice"><strong>What the moderators say</strong>${paragraphs(reason)}</div>`}
${problem && state !== 'accepted' && state !== 'rejected' && html`<div class="notice warn"><strong>The last look at it</strong><p><bdi>${problem}</bdi></p></div>`}
${duplicateListings.length > 0 && html`<div class="notice"><strong>The same torrent is listed already</strong><ul>${duplicateListings.map(id => html`<li><a href="${listingPath(id)}">${id}</a></li>`)}</ul></div>`}
<p class="soft small">Keep the address of this page: it is the only way to it.</p>
</div>`,
  })
}

/** What a program that filled in the trap is told. */
export function thanksPage(site: Site): Html {
  return layout(site, {
    title: 'Thank you',
    main: html`<div class="fault"><h1>Thank you</h1><p>Somebody will look at it.</p></div>`,
  })
}
