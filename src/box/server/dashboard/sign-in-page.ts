import { html } from 'hono/html'
import { document, type Html } from './document.ts'
import { icon } from './icons.ts'

/** Asks for the token. */
export function signInPage(problem?: string): Html {
  return document({
    title: 'Sign in – Seed box',
    runsScripts: false,
    body: html`<main class="sign-in"><div class="card">
<p class="brand">${icon('mark')}<span>Seed box</span></p>
<h1>Sign in</h1>
<form method="post" action="/sign-in">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required maxlength="200" autofocus
aria-describedby="hint${problem === undefined ? '' : ' problem'}"${problem === undefined ? '' : html` aria-invalid="true"`}>
${problem === undefined ? '' : html`<p class="problem" id="problem" role="alert">${problem}</p>`}
<p class="hint" id="hint">The box printed it when it was first started. It is in the file <code>api-token</code> in its home.
Or <code>p2pshare box status</code>, in a terminal there, prints a link that signs you in.</p>
<button class="button primary" type="submit">Sign in</button>
</form>
</div></main>`,
  })
}
