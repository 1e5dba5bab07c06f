import { html } from 'hono/html'
import type { AuditAction, AuditEntry } from '../../moderation/audit-log.ts'
import type { Session } from '../../moderation/moderators.ts'
import type { Site } from '../site.ts'
import { moderatorLayout } from './moderator-layout.ts'
import type { Html } from './parts/markup.ts'

export const logPageSize = 50

const actions: Readonly<Record<AuditAction, string>> = {
  accept: 'accepted',
  reject: 'rejected',
  edit: 'edited',
  recheck: 'looked up again',
  'take-down': 'took down',
  block: 'blocked',
  unblock: 'unblocked',
  'sign-in': 'signed in',
  'add-moderator': 'added',
  'remove-moderator': 'removed',
}

/** Who did what, newest first. */
export function logPage(site: Site, session: Session, entries: readonly AuditEntry[]): Html {
  const last = entries.at(-1)
  return moderatorLayout(site, session, {
    title: 'Log',
    at: '/review/log',
    main: html`<h1>Log</h1>
<div class="table-scroll"><table><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Details</th></tr></thead>
<tbody>${entries.map(
      ({ at, moderator, action, subject, detail }) =>
        html`<tr><td class="moment"><time datetime="${at.toISOString()}">${at.toISOString().slice(0, 16).replace('T', ' ')}</time></td><td><bdi>${moderator}</bdi></td><td>${actions[action]} <bdi>${subject}</bdi></td><td class="small soft"><bdi>${detailOf(detail)}</bdi></td></tr>`,
    )}</tbody></table></div>
${entries.length === logPageSize && last ? html`<nav class="paging" aria-label="Pages"><a class="button quiet" rel="next" href="/review/log?before=${last.number}">Earlier entries</a></nav>` : ''}`,
  })
}

function detailOf(detail: AuditEntry['detail']): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ')
}
