import { post } from './api.js'
import { button, changeIcon, el, setText } from './elements.js'
import { count, dateOf, plain, size } from './format.js'
import { notice, problem } from './notices.js'

/**
 * One listing that was found, with a button that fetches it.
 *
 * @returns {{ element: HTMLElement, show(here: Set<string>): void }} told the info-hashes of what the box has
 */
export function searchResult(listing) {
  let isAsked = false
  const fetch = button('down', 'Fetch', () => void add(), { class: 'button quiet' })
  const add = async () => {
    isAsked = fetch.disabled = true
    try {
      await post('/transfers', { id: listing.magnet })
      notice(`“${plain(listing.title)}” is being fetched.`)
    } catch (error) {
      isAsked = fetch.disabled = false
      problem(error)
    }
  }
  const facts = [
    size(listing.sizeBytes),
    count(listing.fileCount, 'file'),
    listing.seeds === 0 && 'nobody has it now',
    listing.seeds > 0 && count(listing.seeds, 'person has it', 'people have it'),
    dateOf(listing.publishedAt),
    listing.section,
    listing.license,
  ].filter(Boolean)
  const element = el(
    'li',
    { class: 'card result' },
    el(
      'div',
      { class: 'result-texts' },
      el('h2', {}, el('bdi', {}, plain(listing.title))),
      el('p', { class: 'soft facts' }, facts.map(plain).join(' · ')),
      listing.description &&
        el('p', { class: 'about-text' }, plain(listing.description.replace(/\s+/g, ' '))),
    ),
    fetch,
  )
  return {
    element,
    show(here) {
      const isHere = here.has(listing.infoHash) || here.has(listing.infoHashV2)
      fetch.disabled = isHere || isAsked
      setText(fetch.lastChild, isHere ? 'In the box' : 'Fetch')
      changeIcon(fetch.firstChild, isHere ? 'done' : 'down')
    },
  }
}
