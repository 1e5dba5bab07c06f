import { get } from './api.js'
import { button, el, emptyNote, icon, setText } from './elements.js'
import { count } from './format.js'
import { problem } from './notices.js'
import { searchResult } from './search-result.js'

const atOnce = 30

/** Searches the catalogs that the box follows. */
export class SearchView {
  title = 'Search'
  #transfers
  #parts
  #abort
  #results = []

  constructor({ transfers }) {
    this.#transfers = transfers
    transfers.addEventListener('change', ({ detail }) => {
      if (detail.isOther && this.#results.length > 0) this.#showHere()
    })
    const text = el('input', {
      type: 'search',
      name: 'q',
      placeholder: 'What are you looking for?',
      'aria-label': 'Search the followed catalogs',
      autocomplete: 'off',
    })
    const sort = el(
      'select',
      { 'aria-label': 'Sort by', on: { change: () => this.#go() } },
      el('option', { value: 'relevance' }, 'Best match'),
      el('option', { value: 'newest' }, 'Newest'),
      el('option', { value: 'popular' }, 'Most shared'),
      el('option', { value: 'largest' }, 'Largest'),
    )
    const total = el('p', { class: 'soft total', role: 'status' })
    const results = el('ol', { class: 'results' })
    const more = button('down', 'Show more', () => void this.#load(results.childElementCount), {
      hidden: true,
    })
    const empty = el('div')
    this.element = el(
      'div',
      { class: 'search-view' },
      el('div', { class: 'view-head' }, el('h1', {}, 'Search')),
      el(
        'form',
        {
          class: 'search-form',
          role: 'search',
          on: {
            submit: event => {
              event.preventDefault()
              this.#go()
            },
          },
        },
        el('div', { class: 'search-field' }, icon('search'), text),
        sort,
        el('button', { type: 'submit', class: 'button primary' }, 'Search'),
      ),
      total,
      results,
      more,
      empty,
    )
    this.#parts = { text, sort, total, results, more, empty }
  }

  keys = { '/': () => this.#parts.text.focus() }

  show(rest) {
    scrollTo(0, 0)
    this.#parts.text.value = rest
    this.#empty()
    void this.#load(0)
  }

  hide() {
    this.#abort?.abort()
  }

  #empty() {
    this.#results = []
    this.#parts.results.replaceChildren()
  }

  #go() {
    const hash = `#/search/${encodeURIComponent(this.#parts.text.value.trim())}`
    if (location.hash === hash) this.show(this.#parts.text.value.trim())
    else location.hash = hash
  }

  async #load(offset) {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    const { text, sort, total, results, more, empty } = this.#parts
    const q = text.value.trim()
    const query = new URLSearchParams({
      ...(q && { q }),
      sort: q === '' && sort.value === 'relevance' ? 'newest' : sort.value,
      limit: String(atOnce),
      offset: String(offset),
    })
    try {
      const found = await get(`/search?${query}`, abort)
      if (offset === 0) this.#empty()
      const added = found.listings.map(searchResult)
      results.append(...added.map(({ element }) => element))
      this.#results.push(...added)
      this.#showHere()
      setText(
        total,
        found.total > 0 ? `${count(found.total, 'listing')}${found.isTotalExact ? '' : ' or more'}` : '',
      )
      more.hidden = results.childElementCount >= found.total || found.listings.length < atOnce
      empty.replaceChildren(
        ...(found.total > 0
          ? []
          : [
              emptyNote(
                'search',
                'Nothing found',
                q ? 'Try fewer or other words.' : 'The followed catalogs list nothing yet.',
              ),
            ]),
      )
    } catch (error) {
      if (abort.signal.aborted) return
      more.hidden = true
      setText(total, '')
      if (error.status === 404)
        empty.replaceChildren(
          emptyNote(
            'search',
            'Nothing to search yet',
            'This box follows no catalog. Name one under [[follow.catalogs]] in its box.toml, and what it lists is found here.',
          ),
        )
      else problem(error)
    }
  }

  /** Says of each whether the box has it. */
  #showHere() {
    const here = new Set(Array.from(this.#transfers.values(), view => view.infoHash))
    for (const result of this.#results) result.show(here)
  }
}
