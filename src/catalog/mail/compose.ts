import { html as markup } from 'hono/html'
import { visibleName } from '../../core/index.ts'

/** A mail as it waits to be sent. */
export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What a mail is about. */
export type Notice =
  /** The title is left out on purpose: whoever typed in a stranger's address must not have their words mailed there. */
  | { readonly kind: 'received'; readonly id: number; readonly url: string }
  | { readonly kind: 'accepted'; readonly id: number; readonly title: string; readonly url: string }
  | {
      readonly kind: 'rejected'
      readonly id: number
      readonly title: string
      readonly reason: string
      readonly url: string
    }

const maxTitleLength = 200
const maxReasonLength = 2_000

/** Writes a mail in plain text and in HTML. What people wrote is bounded, and shown with control characters made visible. */
export function composeMail(notice: Notice, siteName: string): Mail {
  const site = oneLine(siteName)
  const { subject, paragraphs, link } = wordsOf(notice, site)
  const footer = `You get this mail because this address was given to ${site} with a submission. If it was not you, nothing needs to be done.`
  const text = [...paragraphs, `${link}:\n${notice.url}`, '-- ', footer]
    .join('\n\n')
    .replace('-- \n\n', '-- \n')
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font-family: sans-serif; max-width: 36em">
${paragraphs.map(paragraph => markup`<p style="white-space: pre-line">${paragraph}</p>`)}
<p><a href="${notice.url}">${link}</a></p>
<p style="color: #666; font-size: smaller">${footer}</p>
</body></html>
`
  return { subject, text: `${text}\n`, html: String(page) }
}

function wordsOf(notice: Notice, site: string): { subject: string; paragraphs: string[]; link: string } {
  if (notice.kind === 'received') {
    return {
      subject: `Your submission ${notice.id} to ${site}`,
      paragraphs: ['Thank you. Your submission was received, and somebody will look at it.'],
      link: 'Where it stands',
    }
  }
  const title = oneLine(notice.title)
  if (notice.kind === 'accepted') {
    return {
      subject: `Accepted by ${site}: ${title}`,
      paragraphs: [`Your submission “${title}” was accepted and is listed now.`, 'Please go on sharing it.'],
      link: 'Its page',
    }
  }
  return {
    subject: `Not accepted by ${site}: ${title}`,
    paragraphs: [`Your submission “${title}” was not accepted.`, manyLines(notice.reason)],
    link: 'Where it stands',
  }
}

/** Nothing that could end a header. */
function oneLine(text: string): string {
  return visibleName(text.slice(0, maxTitleLength).toWellFormed())
}

function manyLines(text: string): string {
  const lines = text
    .slice(0, maxReasonLength)
    .toWellFormed()
    .split(/\r\n?|\n/)
  return lines.map(visibleName).join('\n')
}
