import { filesOfDrop } from './dropped-files.js'
import { el, icon } from './elements.js'
import { problem } from './notices.js'

/**
 * Takes what is dropped or pasted anywhere on the page.
 *
 * @param {{ onFiles: (entries: { file: File, path: string }[]) => Promise<void>, onText: (text: string) => void }} init
 */
export function watchDrops({ onFiles, onText }) {
  const over = el(
    'div',
    { class: 'drop-over', hidden: true },
    icon('upload'),
    el('b', {}, 'Drop it here'),
    el('p', {}, 'Photos, videos and folders are shared; .torrent files and magnet links are fetched.'),
  )
  document.body.append(over)
  // Each element that is passed on the way says that it is entered and left.
  let depth = 0
  // A link or a text of the page itself is dragged elsewhere, or into a field.
  let isOwn = false
  const isOurs = event =>
    !isOwn &&
    event.dataTransfer?.types.some(
      type => type === 'Files' || type === 'text/uri-list' || type === 'text/plain',
    )
  const end = () => {
    depth = 0
    over.hidden = true
  }

  addEventListener('dragstart', () => {
    isOwn = true
  })
  addEventListener('dragend', () => {
    isOwn = false
  })
  addEventListener('dragenter', event => {
    if (!isOurs(event)) return
    event.preventDefault()
    depth++
    over.hidden = false
  })
  addEventListener('dragover', event => {
    if (isOurs(event)) event.preventDefault()
  })
  addEventListener('dragleave', () => {
    if (--depth <= 0) end()
  })
  addEventListener('drop', event => {
    if (!isOurs(event)) return
    event.preventDefault()
    end()
    const { dataTransfer } = event
    const text = dataTransfer.getData('text/uri-list') || dataTransfer.getData('text/plain')
    if (dataTransfer.types.includes('Files')) filesOfDrop(dataTransfer).then(onFiles).catch(problem)
    else if (looksLikeLink(text)) onText(text)
  })
  addEventListener('paste', event => {
    if (event.target.closest?.('input, textarea, dialog')) return
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (looksLikeLink(text)) onText(text.trim())
  })
}

function looksLikeLink(text) {
  return /^\s*(magnet:\?|https?:\/\/\S+\.torrent)/i.test(text)
}
