import { html } from 'hono/html'
import type { HttpError } from '../../../http/index.ts'
import type { Site } from '../site.ts'
import { layout } from './parts/layout.ts'
import type { Html } from './parts/markup.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'That cannot be used',
  401: 'Sign in first',
  403: 'That is not allowed',
  404: 'There is nothing here',
  413: 'That is too large',
  421: 'Wrong address',
  429: 'Too many requests',
  503: 'Not now',
}

export function errorPage(site: Site, { status, detail }: Pick<HttpError, 'status' | 'detail'>): Html {
  const title = titles[status] ?? (status >= 500 ? 'Something went wrong' : 'That did not work')
  return layout(site, {
    title,
    main: html`<div class="fault"><p class="code">${status}</p><h1>${title}</h1><p>${detail}</p>
<p><a class="button" href="/">Go to the start page</a></p></div>`,
  })
}
