import { html } from 'hono/html'
import { formatCount, formatSize } from './format.ts'
import type { Html } from './markup.ts'

interface TableOfFiles {
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[]
  /** Beyond those in `files`. */
  readonly moreCount: number
}

export function fileTable({ files, moreCount }: TableOfFiles): Html {
  return html`<div class="table-scroll files"><table>
<thead><tr><th scope="col">Name</th><th scope="col" class="number">Size</th></tr></thead>
<tbody>${files.map(({ path, sizeBytes }) => html`<tr><td><bdi>${path}</bdi></td><td class="number">${formatSize(sizeBytes)}</td></tr>`)}
${moreCount > 0 ? html`<tr><td class="soft" colspan="2">and ${formatCount(moreCount, 'more file', 'more files')}</td></tr>` : ''}</tbody>
</table></div>`
}
