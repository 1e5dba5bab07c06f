import { goAndSignIn, post, Refusal } from './api.js'
import { el } from './elements.js'
import { count, percent, plain, size } from './format.js'
import { notice } from './notices.js'

/** Files that are sent at once. */
const atOnce = 2

/**
 * Sends files into an album of the box, shows how far it is, and has them shared in the end.
 *
 * @param {string} album
 * @param {{ file: File, path: string }[]} entries
 * @param {{ location?: 'keep' | 'strip' }} [options] how they are shared
 */
export async function uploadAlbum(album, entries, options = {}) {
  const whole = entries.reduce((sum, { file }) => sum + file.size, 0)
  const abort = new AbortController()
  const panel = uploadPanel(album, entries.length, () => abort.abort())
  const leaving = event => event.preventDefault()
  addEventListener('beforeunload', leaving)
  try {
    const left = [...entries]
    let done = 0
    let there = 0
    let bytes = 0
    const worker = async () => {
      for (let entry = left.shift(); entry; entry = left.shift()) {
        const { path, file } = entry
        // An album is one folder: what was in folders of it keeps their names in its own.
        const url = `/api/v1/uploads/${encodeURIComponent(album)}/${encodeURIComponent(path.replaceAll('/', ' - '))}`
        let sent = 0
        const onProgress = now => {
          bytes += now - sent
          sent = now
          panel.show({ done, bytes, whole })
        }
        await put(url, { file, signal: abort.signal, onProgress }).catch(error => {
          if (error.status !== 409) throw error
          there++
        })
        done++
        onProgress(file.size)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    panel.finish()
    await post(`/uploads/${encodeURIComponent(album)}/done`, options)
    notice(`“${plain(album)}” is here and is shared.`)
    if (there > 0)
      notice(
        `${count(there, 'file')} of the same name ${there === 1 ? 'was' : 'were'} in the album already and stayed.`,
      )
  } catch (error) {
    const isStopped = abort.signal.aborted
    abort.abort()
    notice(isStopped ? 'The upload was stopped.' : `“${plain(album)}” was not uploaded: ${error.message}`, {
      isProblem: !isStopped,
    })
  } finally {
    removeEventListener('beforeunload', leaving)
    panel.element.remove()
  }
}

/** `fetch` does not tell how much was sent. */
function put(url, { file, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    signal.addEventListener('abort', stop, { once: true })
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('load', () => {
      if (request.status === 401) goAndSignIn()
      if (request.status >= 200 && request.status < 300) resolve()
      else
        reject(
          new Refusal(
            detailOf(request.responseText) ?? `The box answered ${request.status}.`,
            request.status,
          ),
        )
    })
    request.addEventListener('error', () => reject(new Refusal('The box does not answer.', 0)))
    request.addEventListener('abort', () => reject(new DOMException('It was stopped', 'AbortError')))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', stop))
    request.open('PUT', url)
    request.setRequestHeader('x-requested-with', 'dashboard')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
    if (signal.aborted) request.abort()
  })
}

function detailOf(text) {
  try {
    return JSON.parse(text).detail
  } catch {
    return undefined
  }
}

function uploadPanel(album, files, onStop) {
  const words = el('span', { class: 'soft' })
  const share = el('span')
  const fill = el('span', { class: 'fill' })
  const stop = el('button', { type: 'button', class: 'button quiet', on: { click: onStop } }, 'Stop')
  const element = el(
    'section',
    { class: 'uploads', 'aria-label': 'Upload' },
    el('div', { class: 'line' }, el('b', { class: 'clip' }, `Uploading “${plain(album)}”`), share),
    el('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
    el('div', { class: 'line' }, words, stop),
  )
  fill.style.transform = 'scaleX(0)'
  document.getElementById('notices').prepend(element)
  return {
    element,
    show({ done, bytes, whole }) {
      fill.style.transform = `scaleX(${whole > 0 ? bytes / whole : 1})`
      share.textContent = percent(bytes, whole)
      words.textContent = `${done} of ${files} files, ${size(bytes)} of ${size(whole)}`
    },
    finish() {
      words.textContent = 'Being made ready to share…'
      stop.remove()
    },
  }
}
