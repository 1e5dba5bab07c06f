import { html } from 'hono/html'
import type { SubmissionProblem } from '../../submission/submission-problem.ts'
import type { Site } from '../site.ts'
import { fileField, textField } from './parts/form-fields.ts'
import { layout } from './parts/layout.ts'
import type { Html } from './parts/markup.ts'
import { problemsByField, type Typed, workFields } from './work-fields.ts'

/** People do not see this field; programs that fill in every field do. */
export const trapField = 'website'

/** The form, with what was typed and what is wrong with it. */
export function submitPage(
  site: Site,
  { typed = {}, problems = [] }: { typed?: Typed; problems?: readonly SubmissionProblem[] } = {},
): Html {
  const wrong = problemsByField(problems)
  const fields = workFields(typed, wrong)
  return layout(site, {
    title: problems.length > 0 ? 'Submit: something is not right yet' : 'Submit',
    path: problems.length > 0 ? undefined : '/submit',
    current: 'submit',
    main: html`<div class="stack">
<div class="prose"><h1>Submit</h1><p>Share it first: with <code>p2pshare seed</code> or any BitTorrent client. Then tell us of it here. Somebody looks at it before it is listed.</p></div>
${problems.length > 0 ? problemSummary(wrong) : ''}
<form class="form" method="post" action="/submit" enctype="multipart/form-data">
<fieldset><legend>The torrent</legend>
${textField({ name: 'magnet', label: 'Magnet link', isAlternative: true, value: typed.magnet, problem: wrong.magnet, maxLength: 65_536 })}
${fileField({
  name: 'torrent',
  label: 'Or a .torrent file',
  isAlternative: true,
  accept: '.torrent,application/x-bittorrent',
  problem: wrong.torrent,
  hint: problems.length > 0 ? 'A file has to be chosen again.' : 'Give one of the two. At most 10 MB.',
})}
</fieldset>
<fieldset><legend>What it is</legend>
${fields.title}${fields.description}
<div class="pair">${fields.section}${fields.license}</div>
${fields.tags}
<div class="pair">${fields.creator}${fields.language}</div>
</fieldset>
<fieldset><legend>You</legend>
${textField({
  name: 'email',
  type: 'email',
  autocomplete: 'email',
  label: 'E-mail address',
  isRequired: true,
  value: typed.email,
  problem: wrong.email,
  hint: 'We write to you once it is decided. It is shown to nobody but the moderators.',
  maxLength: 254,
})}
<div class="trap" aria-hidden="true"><label>Leave this empty <input type="text" name="${trapField}" tabindex="-1" autocomplete="off"></label></div>
</fieldset>
<div class="actions"><button class="button primary" type="submit">Submit for review</button></div>
</form></div>`,
  })
}

/** All that is wrong at once, each with a way to its field. */
export function problemSummary(wrong: Typed): Html {
  const entries = Object.entries(wrong)
  return html`<div class="notice bad" role="alert"><strong>${entries.length === 1 ? 'One thing has' : 'Some things have'} to be put right</strong>
<ul>${entries.map(([field, words]) => html`<li><a href="#${field}">${words}</a></li>`)}</ul></div>`
}
