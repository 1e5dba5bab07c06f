import { type ListedFile, type Metainfo, visibleName } from '../../core/index.ts'

/** Files that the page lists. */
const maxListed = 2_000

/** A plain page with a link to each file and to the playlist of those that can be played. */
export async function playbackPage(
  metainfo: Metainfo,
  files: readonly ListedFile[],
  links: { readonly playlist: string; readonly file: (file: ListedFile) => string },
): Promise<string> {
  const { html } = await import('hono/html')
  const name = visibleName(metainfo.name)
  const left = files.length - maxListed
  const rows = files.slice(0, maxListed).map(
    one => html`<li value="${one.number}"><a href="${links.file(one)}">${visibleName(one.file.path)}</a>
(<a href="${links.file(one)}?download">download</a>, ${one.file.sizeBytes.toLocaleString('en')} bytes)</li>`,
  )
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>${name}</h1><p><a href="${links.playlist}">Play everything (playlist.m3u8)</a></p>
<ol>${rows}</ol>${left > 0 ? html`<p>and ${left} more</p>` : ''}</body></html>
`
  return String(page)
}
