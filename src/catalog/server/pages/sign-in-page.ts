import { html } from 'hono/html'
import type { Site } from '../site.ts'
import { textField } from './parts/form-fields.ts'
import { layout } from './parts/layout.ts'
import type { Html } from './parts/markup.ts'

export function signInPage(site: Site, problem?: string): Html {
  return layout(site, {
    title: 'Moderators: sign in',
    current: 'review',
    main: html`<div class="stack narrow"><h1>Sign in</h1>
<form class="form" method="post" action="/sign-in">
${textField({
  name: 'token',
  type: 'password',
  label: 'Moderator’s token',
  autocomplete: 'current-password',
  isRequired: true,
  problem,
  hint: 'The first one was written into a file when the site was started: its log says where.',
  maxLength: 200,
})}
<div class="actions"><button class="button primary" type="submit">Sign in</button></div>
</form></div>`,
  })
}
