import { html } from 'hono/html'
import type { Hex } from '../../../core/index.ts'
import type { Session } from '../../moderation/moderators.ts'
import type { Site } from '../site.ts'
import { csrfField, moderatorLayout } from './moderator-layout.ts'
import { textArea, textField } from './parts/form-fields.ts'
import { formatDate } from './parts/format.ts'
import type { Html } from './parts/markup.ts'

export interface Blocked {
  readonly publishers: readonly Hex[]
  readonly emails: readonly { readonly hash: Hex; readonly hint: string; readonly blockedAt: Date }[]
}

/** Whose listings and submissions are not taken, and what else can be kept out. */
export function blockedPage(site: Site, session: Session, { publishers, emails }: Blocked): Html {
  const row = (words: Html, name: string, value: string) =>
    html`<tr><td>${words}</td><td class="number"><form method="post" action="/review/unblock">${csrfField(session)}<input type="hidden" name="${name}" value="${value}"><button class="button quiet" type="submit">Unblock</button></form></td></tr>`
  const table = (label: string, rows: readonly Html[]) =>
    html`<section><h2>${label}</h2>${rows.length === 0 ? html`<p class="soft">None.</p>` : html`<div class="table-scroll"><table><tbody>${rows}</tbody></table></div>`}</section>`
  return moderatorLayout(site, session, {
    title: 'Blocked',
    at: '/review/blocked',
    main: html`<h1>Blocked</h1>
${table(
  'Publishers',
  publishers.map(key => row(html`<span class="mono">${key}</span>`, 'publisher', key)),
)}
${table(
  'E-mail addresses',
  emails.map(({ hash, hint, blockedAt }) =>
    row(html`<bdi>${hint}</bdi> <span class="soft">since ${formatDate(blockedAt)}</span>`, 'emailHash', hash),
  ),
)}
<form class="form" method="post" action="/review/block">${csrfField(session)}<fieldset><legend>Block a publisher</legend>
${textField({ name: 'publisher', label: 'Public key', isRequired: true, maxLength: 64, hint: '64 hexadecimal digits. All listings of it are removed.' })}
<div class="actions"><button class="button danger" type="submit">Block</button></div></fieldset></form>
<form class="form" method="post" action="/review/take-down">${csrfField(session)}<fieldset><legend>Take a listing down</legend>
${textField({ name: 'listing', label: 'Listing', isRequired: true, maxLength: 26, hint: 'The 26 characters in the address of its page.' })}
${textArea({ name: 'note', label: 'Note', isShort: true, maxLength: 1_000 })}
<div class="actions"><button class="button danger" type="submit">Take it down</button></div></fieldset></form>`,
  })
}
