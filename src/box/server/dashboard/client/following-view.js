import { getIfThere } from './api.js'
import { button, el, emptyNote, icon } from './elements.js'
import { count, plain, size, when } from './format.js'
import { problem } from './notices.js'
import { planParts } from './plan.js'

/** What the box follows, and what it means to fetch or could give up. */
export class FollowingView {
  title = 'Following'
  #abort
  #body = el('div', { class: 'following' })

  constructor() {
    this.element = el(
      'div',
      {},
      el(
        'div',
        { class: 'view-head' },
        el('h1', {}, 'Following'),
        button('search', 'Look again', () => void this.#load(), { class: 'button quiet' }),
      ),
      this.#body,
    )
  }

  show() {
    scrollTo(0, 0)
    void this.#load()
  }

  hide() {
    this.#abort?.abort()
  }

  async #load() {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    try {
      const [following, plan] = await Promise.all([
        getIfThere('/following', abort),
        getIfThere('/plan', abort),
      ])
      if (!abort.signal.aborted) this.#show(following?.sources ?? [], plan)
    } catch (error) {
      if (!abort.signal.aborted) problem(error)
    }
  }

  #show(sources, plan) {
    const hasPlan = plan && (sources.length > 0 || plan.keep.length > 0)
    const parts =
      sources.length === 0
        ? [nothingFollowed()]
        : [el('ul', { class: 'sources' }, ...sources.map(sourceCard))]
    if (hasPlan) parts.push(...planParts(plan, { onChange: () => void this.#load() }))
    this.#body.replaceChildren(...parts)
  }
}

function nothingFollowed() {
  return emptyNote(
    'following',
    'Nothing is followed yet',
    'Name a catalog under [[follow.catalogs]] or a feed under [[follow.feeds]] in the box.toml of this box. What they list is then fetched and shared from here.',
  )
}

function sourceCard(source) {
  const { kind, name, wanted, here, wantedBytes, hereBytes, syncedAt, problem: trouble } = source
  const fill = el('span', { class: 'fill' })
  fill.style.transform = `scaleX(${wanted > 0 ? Math.min(1, here / wanted) : 0})`
  return el(
    'li',
    { class: 'card source', 'data-tone': trouble ? 'warn' : 'good' },
    el('span', { class: 'state' }, icon(trouble ? 'warn' : kind === 'feed' ? 'activity' : 'following')),
    el(
      'div',
      { class: 'texts' },
      el('h2', { class: 'clip' }, el('bdi', {}, plain(name))),
      el(
        'p',
        { class: 'soft' },
        `${kind === 'feed' ? 'Feed' : 'Catalog'} · ${syncedAt ? `seen ${when(syncedAt)}` : 'not seen yet'}`,
      ),
      trouble && el('p', { class: 'words' }, plain(trouble)),
      el('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
      el(
        'p',
        { class: 'soft' },
        `${here.toLocaleString('en')} of ${count(wanted, 'listing')} here, ${size(hereBytes)} of ${size(wantedBytes)}`,
      ),
    ),
  )
}
