import { post } from './api.js'
import { openDialog } from './dialog.js'
import { filesOfChoice } from './dropped-files.js'
import { button, el, field } from './elements.js'
import { count, plain, size } from './format.js'
import { notice, problem } from './notices.js'
import { uploadAlbum } from './upload-queue.js'

const isTorrent = ({ path }) => /\.torrent$/i.test(path)
/** What systems put into folders for themselves. */
const isClutter = ({ path }) => /(^|\/)(\.|Thumbs\.db$|desktop\.ini$)/i.test(path)

/** Asks what to add. @param {string} [text] magnet links that are filled in already */
export function openAddDialog(text = '') {
  const links = el('textarea', {
    rows: '3',
    autofocus: true,
    spellcheck: 'false',
    autocapitalize: 'off',
    placeholder: 'magnet:?xt=…',
  })
  links.value = text
  const labels = el('input', { type: 'text', autocomplete: 'off', placeholder: 'holiday, family' })
  const isPaused = el('input', { type: 'checkbox' })
  const options = () => ({
    labels: labels.value
      .split(',')
      .map(label => label.trim())
      .filter(Boolean),
    isPaused: isPaused.checked,
  })
  const choose = (props, take) => {
    const input = el('input', { type: 'file', hidden: true, multiple: true, tabindex: '-1', ...props })
    input.addEventListener('change', () => {
      const entries = filesOfChoice(input.files)
      links.closest('dialog').close()
      take(entries)
    })
    return input
  }
  const torrents = choose(
    { accept: '.torrent,application/x-bittorrent', id: 'choose-torrent' },
    entries => void addTorrents(entries, options()),
  )
  const media = choose({ id: 'choose-files' }, shareFiles)
  const folder = choose({ id: 'choose-folder', webkitdirectory: true }, shareFiles)
  return openDialog({
    title: 'Add',
    body: [
      field('Fetch', links, 'Magnet links, info-hashes or addresses of .torrent files, one a line.'),
      el(
        'div',
        { class: 'choices' },
        button('file', 'Choose .torrent files…', () => torrents.click()),
        torrents,
      ),
      el(
        'div',
        { class: 'pair' },
        field('Labels', labels),
        el('label', { class: 'check low' }, isPaused, el('span', {}, 'Begin paused')),
      ),
      el('p', { class: 'divide' }, 'or share something of yours'),
      el(
        'div',
        { class: 'choices' },
        button('upload', 'Photos or videos…', () => media.click()),
        button('folder', 'A folder…', () => folder.click()),
        media,
        folder,
      ),
      el('p', { class: 'hint' }, 'Files and folders can also be dropped anywhere on this page.'),
    ],
    confirm: 'Fetch',
    onConfirm: () => addLinks(links, options()),
  })
}

/** Takes what was dropped or chosen: torrents are fetched, everything else is shared. */
export async function takeFiles(entries) {
  const torrents = entries.filter(isTorrent)
  const media = entries.filter(entry => !isTorrent(entry))
  if (torrents.length > 0) await addTorrents(torrents)
  if (media.length > 0) shareFiles(media)
}

/** Adds what is in the field; what cannot be added stays there. @throws where there is any */
async function addLinks(field, options) {
  const ids = field.value.split(/\s+/).filter(Boolean)
  if (ids.length === 0) throw new Error('Paste a magnet link first, or choose files.')
  const left = []
  let why
  for (const id of ids)
    try {
      await post('/transfers', { id, ...options })
    } catch (error) {
      left.push(id)
      why ??= error
    }
  if (left.length < ids.length) notice(`${count(ids.length - left.length, 'transfer')} added.`)
  field.value = left.join('\n')
  if (why) throw why
}

async function addTorrents(entries, options = {}) {
  let added = 0
  for (const { file, path } of entries)
    try {
      await post('/transfers', { torrent: await base64Of(file), ...options })
      added++
    } catch (error) {
      notice(`${plain(path)}: ${error.message}`, { isProblem: true })
    }
  if (added > 0) notice(`${count(added, 'transfer')} added.`)
}

async function base64Of(file) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(reader.result))
    reader.addEventListener('error', () => reject(reader.error))
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

/** Asks for the album's name, and uploads. */
function shareFiles(all) {
  const entries = all.filter(entry => !isClutter(entry))
  if (entries.length === 0) {
    notice('There are no files in it.', { isProblem: true })
    return
  }
  const [top] = entries[0].path.split('/')
  const isOneFolder = entries.every(({ path }) => path.startsWith(`${top}/`))
  const today = new Date().toLocaleDateString('sv')
  const album = el('input', {
    type: 'text',
    required: true,
    autofocus: true,
    maxlength: '100',
    autocomplete: 'off',
    value: isOneFolder ? top : entries.length === 1 ? top.replace(/\.[^.]+$/, '') : `Album of ${today}`,
  })
  const isStripped = el('input', { type: 'checkbox' })
  const whole = entries.reduce((sum, { file }) => sum + file.size, 0)
  openDialog({
    title: 'Share',
    body: [
      el(
        'p',
        {},
        `${count(entries.length, 'file')}, ${size(whole)}. They are copied to the box and shared from there.`,
      ),
      field('Name of the album', album),
      el(
        'label',
        { class: 'check' },
        isStripped,
        el('span', {}, 'Take out where they were made: cameras and phones write it into them.'),
      ),
    ],
    confirm: 'Upload and share',
    onConfirm() {
      const name = album.value.trim()
      if (name === '') throw new Error('Give the album a name.')
      const renamed = isOneFolder
        ? entries.map(({ file, path }) => ({ file, path: path.slice(top.length + 1) }))
        : entries
      void uploadAlbum(name, renamed, { location: isStripped.checked ? 'strip' : 'keep' }).catch(problem)
    },
  }).catch(problem)
}
