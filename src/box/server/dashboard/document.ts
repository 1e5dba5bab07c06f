import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { clientFiles, clientPath } from './client-files.ts'
import { iconSheet } from './icons.ts'

/** A piece of a page in which what came from outside has been escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export interface DocumentInit {
  readonly title: string
  readonly body: Html
  /** Whether it is the page that shows the box, and not only a form. */
  readonly runsScripts: boolean
}

/** A whole document around what a page has to say. */
export function document({ title, body, runsScripts }: DocumentInit): Html {
  const sheets = [...clientFiles().keys()].filter(name => name.endsWith('.css'))
  const modules = [...clientFiles().keys()].filter(name => name.endsWith('.js') && name !== 'main.js')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1b1e1d" media="(prefers-color-scheme: dark)">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${clientPath('mark.svg')}">
${sheets.map(
  name => html`<link rel="stylesheet" href="${clientPath(name)}">
`,
)}${
  runsScripts
    ? html`${modules.map(
        name => html`<link rel="modulepreload" href="${clientPath(name)}">
`,
      )}<script src="${clientPath('main.js')}" type="module"></script>`
    : ''
}
</head>
<body>
${iconSheet}
${body}
</body>
</html>`
}
