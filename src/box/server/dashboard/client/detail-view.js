import { getIfThere, post } from './api.js'
import { copyButton, detailTabs } from './detail-tabs.js'
import { button, changeIcon, el, emptyNote, icon, setText } from './elements.js'
import { percent, plain, rate, ratio, size, when } from './format.js'
import { labelEditor } from './label-editor.js'
import { notice, problem } from './notices.js'
import { shareOf } from './order.js'
import { piecesBar } from './pieces-bar.js'
import { canPause, lookOf, wordsOf } from './states.js'
import { tabList } from './tab-list.js'
import { pauseAll, removeAsked, resumeAll } from './transfer-actions.js'

const refreshMs = 2_500

/** One transfer. */
export class DetailView {
  title = 'Transfer'
  belongsTo = '#/'
  element = el('div', { class: 'detail' })
  #transfers
  #id
  #parts
  #timer
  #abort
  #isTroubled = false

  constructor({ transfers }) {
    this.#transfers = transfers
    transfers.addEventListener('change', () => {
      if (this.#id !== undefined) this.#showNow()
    })
  }

  keys = {
    Escape: () => location.assign('#/'),
    p: () => void this.#togglePause(),
    Delete: () => void this.#remove(),
  }

  show(rest) {
    this.#id = Number(rest)
    this.#parts = undefined
    this.element.replaceChildren()
    scrollTo(0, 0)
    this.#showNow()
  }

  hide() {
    this.#id = undefined
    this.#stopLoading()
  }

  get #view() {
    return this.#transfers.get(this.#id)
  }

  #showNow() {
    const view = this.#view
    if (view) {
      if (!this.#parts) this.#build()
      this.#update(view)
    } else if (this.#transfers.isKnown) {
      this.#stopLoading()
      this.#parts = undefined
      this.element.replaceChildren(
        backLink(),
        emptyNote(
          'search',
          'This transfer is not here',
          'It was removed, or the address has a mistake in it.',
        ),
      )
    }
  }

  #build() {
    const view = this.#view
    const picture = icon('clock')
    const name = el('bdi')
    const words = el('p', { class: 'detail-words' })
    const fill = el('span', { class: 'fill' })
    const share = el('b', { class: 'detail-share' })
    const amount = el('span', { class: 'soft' })
    const turn = button('pause', 'Pause', () => void this.#togglePause(), { title: 'Pause or resume (p)' })
    const pieces = piecesBar()
    const facts = factTiles()
    const about = aboutPanel(view, () => this.#transfers.labels())
    const tabs = tabList(
      detailTabs.map(tab => ({
        ...tab,
        make: () => tab.make({ id: this.#id, view: () => this.#view ?? view }),
      })),
      () => this.#load(),
    )
    const head = el(
      'section',
      { class: 'card detail-head' },
      el(
        'div',
        { class: 'detail-title' },
        el('span', { class: 'state big' }, picture),
        el('div', { class: 'detail-texts' }, el('h1', {}, name), words),
        el(
          'div',
          { class: 'detail-tools' },
          turn,
          button('check', 'Check', () => this.#ask('recheck', 'Its files are being checked.'), {
            title: 'Check every file on disk again',
          }),
          button('search', 'Find peers', () => this.#ask('announce', 'Asking for peers.')),
          button('remove', 'Remove…', () => void this.#remove(), { class: 'button danger' }),
        ),
      ),
      el(
        'div',
        { class: 'detail-progress' },
        el('div', { class: 'line' }, share, amount),
        el('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
        pieces.element,
      ),
      facts.element,
    )
    this.element.replaceChildren(
      backLink(),
      el(
        'div',
        { class: 'detail-grid' },
        head,
        el('section', { class: 'card detail-tabs', 'aria-label': 'More of it' }, tabs.element),
        about.element,
      ),
    )
    this.#parts = { head, picture, name, words, fill, share, amount, turn, pieces, facts, about, tabs }
    this.#load()
  }

  #update(view) {
    const { head, picture, name, words, fill, share, amount, turn, facts, about } = this.#parts
    const { icon: iconName, tone } = lookOf(view)
    head.dataset.tone = tone
    changeIcon(picture, iconName)
    setText(name, plain(view.name))
    document.title = `${plain(view.name)} – Seed box`
    setText(words, wordsOf(view))
    fill.style.transform = `scaleX(${shareOf(view)})`
    setText(share, percent(view.haveBytes, view.sizeBytes))
    const isWhole = view.haveBytes >= view.sizeBytes
    setText(
      amount,
      !(view.sizeBytes > 0)
        ? 'Its size is not known yet'
        : isWhole
          ? size(view.sizeBytes)
          : `${size(view.haveBytes)} of ${size(view.sizeBytes)}`,
    )
    const pausable = canPause(view)
    setText(turn.lastChild, pausable ? 'Pause' : 'Resume')
    changeIcon(turn.firstChild, pausable ? 'pause' : 'resume')
    facts.show(view)
    about.show(view)
  }

  /** Asks for what is looked at, and again after a while. */
  async #load() {
    this.#stopLoading()
    if (document.hidden) {
      this.#timer = setTimeout(() => void this.#load(), refreshMs)
      return
    }
    const abort = new AbortController()
    this.#abort = abort
    const id = this.#id
    const { pieces, tabs } = this.#parts
    try {
      const [held] = await Promise.all([
        getIfThere(`/transfers/${id}/pieces`, abort),
        tabs.current.load(abort),
      ])
      if (held) pieces.show(held)
      this.#isTroubled = false
    } catch (error) {
      // While the box is away there is a note already, and what fails again and again is told once.
      if (!abort.signal.aborted && error.status !== 0 && error.status !== 404 && !this.#isTroubled) {
        this.#isTroubled = true
        problem(error)
      }
    }
    if (!abort.signal.aborted) this.#timer = setTimeout(() => void this.#load(), refreshMs)
  }

  #stopLoading() {
    this.#abort?.abort()
    clearTimeout(this.#timer)
  }

  async #togglePause() {
    if (this.#view) await (canPause(this.#view) ? pauseAll : resumeAll)([this.#id])
  }

  async #remove() {
    if (this.#view && (await removeAsked([this.#view]))) location.assign('#/')
  }

  async #ask(verb, said) {
    try {
      await post(`/transfers/${this.#id}/${verb}`)
      notice(said)
    } catch (error) {
      problem(error)
    }
  }
}

function backLink() {
  return el('a', { class: 'back', href: '#/' }, icon('back'), el('span', {}, 'All transfers'))
}

function factTiles() {
  const tiles = [
    ['Receiving', view => rate(view.downloadBytesPerSecond)],
    ['Sending', view => rate(view.uploadBytesPerSecond)],
    ['Peers', view => (view.seeds > 0 ? `${view.peers}, ${view.seeds} have all` : String(view.peers))],
    ['Ratio', view => ratio(view.ratio)],
    ['Sent in all', view => size(view.uploadedBytes)],
    ['Received in all', view => size(view.downloadedBytes)],
  ].map(([words, read]) => ({ words, read, value: el('dd') }))
  return {
    element: el(
      'dl',
      { class: 'tiles' },
      ...tiles.map(({ words, value }) => el('div', {}, el('dt', {}, words), value)),
    ),
    show(view) {
      for (const { read, value } of tiles) setText(value, read(view))
    },
  }
}

function aboutPanel(view, known) {
  const magnet = el('code', { class: 'magnet' })
  const labels = labelEditor({ id: view.id, known })
  const rows = [
    ['Folder or file', now => plain(now.path ?? '–')],
    ['Added', now => when(now.addedAt)],
    ['All here since', now => (now.doneAt ? when(now.doneAt) : '–')],
    ['Info-hash', now => now.infoHash],
  ].map(([words, read]) => ({ words, read, value: el('dd') }))
  const code = el('img', {
    class: 'qr',
    alt: 'QR code of the magnet link',
    width: '208',
    height: '208',
    loading: 'lazy',
  })
  const element = el(
    'aside',
    { class: 'card detail-about', 'aria-label': 'Sharing, labels and facts' },
    el('h2', {}, 'Share it'),
    el('p', { class: 'soft' }, 'Whoever opens this link fetches it from here.'),
    magnet,
    copyButton('Copy link', () => magnet.textContent),
    el(
      'details',
      {
        on: {
          toggle: ({ target }) => {
            if (target.open && !code.src) code.src = `/transfers/${view.id}/qr.svg`
          },
        },
      },
      el('summary', {}, 'Show as a QR code'),
      code,
    ),
    el('h2', {}, 'Labels'),
    labels.element,
    el('h2', {}, 'About'),
    el('dl', { class: 'about' }, ...rows.flatMap(({ words, value }) => [el('dt', {}, words), value])),
  )
  return {
    element,
    show(now) {
      setText(magnet, plain(now.magnet))
      labels.show(now)
      for (const { read, value } of rows) setText(value, read(now))
    },
  }
}
