import { html } from 'hono/html'
import type { Session } from '../../moderation/moderators.ts'
import type { Submission } from '../../submission/submission.ts'
import type { SubmissionProblem } from '../../submission/submission-problem.ts'
import { listingPath } from '../paths.ts'
import type { Site } from '../site.ts'
import { csrfField, moderatorLayout } from './moderator-layout.ts'
import { copyable } from './parts/copyable.ts'
import { fileTable } from './parts/file-table.ts'
import { fileField, textArea } from './parts/form-fields.ts'
import { formatCount, formatDate, formatSize } from './parts/format.ts'
import { sectionNames } from './parts/listing-card.ts'
import type { Html } from './parts/markup.ts'
import { paragraphs } from './parts/paragraphs.ts'
import { stateNames } from './status-page.ts'
import { problemSummary } from './submit-page.ts'
import { problemsByField, type Typed, workFields } from './work-fields.ts'

const filesShown = 200

export interface ReviewInit {
  readonly submission: Submission
  readonly typed?: Typed | undefined
  readonly problems?: readonly SubmissionProblem[] | undefined
}

/** One submission: what it holds, and what can be done with it. */
export function reviewPage(
  site: Site,
  session: Session,
  { submission, typed, problems = [] }: ReviewInit,
): Html {
  const { id, title, state, magnet, submittedAt, email } = submission
  const isDecided = state === 'accepted' || state === 'rejected'
  return moderatorLayout(site, session, {
    title: `Review: ${title}`,
    main: html`<div class="page-head"><h1 dir="auto">${title}</h1>
<p><span class="state ${state}">${stateNames[state]}</span> <span class="soft">No. ${id}, submitted on ${formatDate(submittedAt)}${email && html` by <bdi>${email}</bdi>`}</span></p></div>
${problems.length > 0 ? problemSummary(problemsByField(problems)) : ''}
${duplicatesNotice(submission)}
<div class="detail"><div class="detail-main">
<section aria-labelledby="files"><div class="row-head"><h2 id="files">Files</h2>${filesNote(submission)}</div>
${submission.files && fileTable({ files: submission.files.slice(0, filesShown), moreCount: Math.max(0, (submission.fileCount ?? 0) - filesShown) })}
${recheckForm(session, submission, isDecided)}</section>
${isDecided || submission.publisher ? saidOfIt(submission) : editForm(session, submission, { typed, problems })}
${isDecided ? '' : decisions(session, submission)}
${copyable('Magnet link', magnet)}
</div>
<aside class="detail-side" aria-label="Decision">${isDecided ? decided(session, submission) : blockForms(session, submission)}</aside>
</div>`,
  })
}

function duplicatesNotice({ duplicates: { listings, submissions } }: Submission): Html | string {
  if (listings.length + submissions.length === 0) return ''
  return html`<div class="notice warn"><strong>This torrent is known already</strong><ul>
${listings.map(id => html`<li>Listed as <a href="${listingPath(id)}">${id}</a></li>`)}
${submissions.map(id => html`<li>Submitted as <a href="/review/${id}">no. ${id}</a></li>`)}</ul></div>`
}

function filesNote({ files, fileCount = 0, sizeBytes = 0, problem, state }: Submission): Html {
  if (files)
    return html`<span class="soft">${formatCount(fileCount, 'file')}, ${formatSize(sizeBytes)}</span>`
  if (state === 'checking' || !problem) return html`<span class="soft">not looked up yet</span>`
  return html`<span class="soft">not found: <bdi>${problem}</bdi></span>`
}

function recheckForm(session: Session, { id, files }: Submission, isDecided: boolean): Html | string {
  if (files || isDecided) return ''
  return html`<form method="post" action="/review/${id}/recheck">${csrfField(session)}<button class="button quiet" type="submit">Look it up now</button></form>`
}

function saidOfIt({ description, section, tags, license, creator, language, publisher }: Submission): Html {
  return html`<section class="prose" aria-labelledby="said"><h2 id="said">What is said of it</h2>${paragraphs(description)}
<p class="soft">${sectionNames[section]} · ${license}${creator && html` · by <bdi>${creator}</bdi>`}${language && ` · ${language}`}</p>
<ul class="tags" aria-label="Tags">${tags.map(tag => html`<li class="tag"><bdi>${tag}</bdi></li>`)}</ul>
${publisher && html`<p class="small soft">Signed by <span class="mono">${publisher}</span>, so that it is listed as it is.</p>`}</section>`
}

function editForm(
  session: Session,
  { id, title, description, section, tags, license, creator, language }: Submission,
  { typed, problems = [] }: Pick<ReviewInit, 'typed' | 'problems'>,
): Html {
  const held = { title, description, section, tags: tags.join(', '), license, creator, language } as Typed
  const fields = workFields(typed ?? held, problemsByField(problems))
  return html`<form class="form" method="post" action="/review/${id}/edit">${csrfField(session)}
<fieldset><legend>What it is</legend>${fields.title}${fields.description}
<div class="pair">${fields.section}${fields.license}</div>${fields.tags}<div class="pair">${fields.creator}${fields.language}</div>
<div class="actions"><button class="button" type="submit">Save changes</button></div></fieldset></form>`
}

function decisions(session: Session, { id }: Submission): Html {
  return html`<form class="form" method="post" action="/review/${id}/accept" enctype="multipart/form-data">${csrfField(session)}
<fieldset><legend>Accept</legend>
${fileField({ name: 'poster', label: 'Poster', accept: 'image/*', hint: 'A picture to show it by.' })}
<div class="actions"><button class="button primary" type="submit">Accept and list it</button></div></fieldset></form>
<form class="form" method="post" action="/review/${id}/reject">${csrfField(session)}
<fieldset><legend>Reject</legend>
${textArea({ name: 'reason', label: 'Reason', isRequired: true, isShort: true, maxLength: 1_000, hint: 'The submitter reads it.' })}
${textArea({ name: 'note', label: 'Note', isShort: true, maxLength: 1_000, hint: 'Only moderators read it.' })}
<div class="actions"><button class="button danger" type="submit">Reject</button></div></fieldset></form>`
}

function decided(
  session: Session,
  { state, decidedBy, decidedAt, reason, note, listingId }: Submission,
): Html {
  return html`<section class="panel" aria-labelledby="decision"><h2 id="decision">${stateNames[state]}</h2>
<p>${decidedBy && html`by <bdi>${decidedBy}</bdi> `}${decidedAt && `on ${formatDate(decidedAt)}`}</p>
${reason && html`<h3>Reason</h3>${paragraphs(reason)}`}${note && html`<h3>Note</h3>${paragraphs(note)}`}
${listingId && html`<p><a href="${listingPath(listingId)}">See its page</a></p>`}</section>
${
  listingId && state === 'accepted'
    ? html`<form class="panel form" method="post" action="/review/take-down">${csrfField(session)}<h2>Take it down</h2>
<input type="hidden" name="listing" value="${listingId}">
${textArea({ name: 'note', label: 'Note', isShort: true, maxLength: 1_000 })}
<div class="actions"><button class="button danger" type="submit">Take it down</button></div></form>`
    : ''
}`
}

function blockForms(session: Session, { id, publisher, email }: Submission): Html {
  return html`<section class="panel form" aria-labelledby="block"><h2 id="block">Block</h2>
<p class="small soft">Nothing more of theirs is taken. What a blocked publisher has listed here is removed.</p>
${publisher ? blockButton(session, { name: 'publisher', value: publisher }, 'Block this publisher') : ''}
${email ? blockButton(session, { name: 'submission', value: String(id) }, 'Block this e-mail address') : ''}</section>`
}

function blockButton(
  session: Session,
  { name, value }: { name: string; value: string },
  words: string,
): Html {
  return html`<form method="post" action="/review/block">${csrfField(session)}<input type="hidden" name="${name}" value="${value}"><button class="button quiet danger" type="submit">${words}</button></form>`
}
