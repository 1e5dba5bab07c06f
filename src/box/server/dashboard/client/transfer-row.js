import { changeIcon, el, icon, setText } from './elements.js'
import { percent, plain, rate, ratio, size } from './format.js'
import { shareOf } from './order.js'
import { lookOf, wordsOf } from './states.js'

/** Columns as they stand beside each other where there is room; `order` is what a click on the head sorts by. */
export const columns = [
  { name: 'name', words: 'Name', order: 'name' },
  { name: 'progress', words: 'Progress', order: 'progress' },
  { name: 'size', words: 'Size', order: 'size', isNumber: true },
  { name: 'down', words: 'Receiving', order: 'down', isNumber: true },
  { name: 'up', words: 'Sending', order: 'up', isNumber: true },
  { name: 'peers', words: 'Peers', order: 'peers', isNumber: true },
  { name: 'ratio', words: 'Ratio', order: 'ratio', isNumber: true },
]

/**
 * One row of the list of transfers. On a narrow page its numbers stand in a second line.
 *
 * @param {{ isSelected: (id: number) => boolean, isActive: (id: number) => boolean }} init
 */
export function transferRow({ isSelected, isActive }) {
  const box = el('input', { type: 'checkbox', tabindex: '-1' })
  const picture = icon('clock')
  const link = el('a', { class: 'name', tabindex: '-1' })
  const name = el('bdi')
  link.append(name)
  const words = el('span', { class: 'words' })
  const tags = el('span', { class: 'tags' })
  const rates = el('span', { class: 'rates-inline' })
  const fill = el('span', { class: 'fill' })
  const share = el('span', { class: 'share' })
  const cell = (name, ...children) => el('div', { role: 'gridcell', class: `cell ${name}` }, ...children)
  const numbers = {
    size: cell('size'),
    down: cell('down'),
    up: cell('up'),
    peers: cell('peers'),
    ratio: cell('ratio'),
  }
  const element = el(
    'div',
    { role: 'row', class: 'row' },
    cell('pick', el('label', { class: 'pick-area' }, box)),
    cell(
      'title',
      el('span', { class: 'state' }, picture),
      el('span', { class: 'texts' }, link, el('span', { class: 'sub' }, words, tags, rates)),
    ),
    cell('progress', el('span', { class: 'bar', 'aria-hidden': 'true' }, fill), share),
    ...Object.values(numbers),
  )

  let shown
  return {
    element,
    link,
    show(view, index) {
      element.setAttribute('aria-rowindex', String(index + 2))
      element.dataset.id = String(view.id)
      const selected = isSelected(view.id)
      element.setAttribute('aria-selected', String(selected))
      box.checked = selected
      const active = isActive(view.id)
      element.classList.toggle('active', active)
      link.tabIndex = box.tabIndex = active ? 0 : -1
      if (shown === view) return
      shown = view
      const { icon: iconName, tone } = lookOf(view)
      element.dataset.tone = tone
      changeIcon(picture, iconName)
      const title = plain(view.name)
      setText(name, title)
      link.href = `#/transfer/${view.id}`
      link.title = title
      box.setAttribute('aria-label', `Select ${title}`)
      setText(words, wordsOf(view))
      setText(tags, view.labels.map(plain).join(', '))
      setText(rates, ratesOf(view))
      fill.style.transform = `scaleX(${shareOf(view)})`
      setText(share, percent(view.haveBytes, view.sizeBytes))
      setText(numbers.size, view.sizeBytes > 0 ? size(view.sizeBytes) : '–')
      showRate(numbers.down, view.downloadBytesPerSecond)
      showRate(numbers.up, view.uploadBytesPerSecond)
      setText(numbers.peers, view.peers > 0 ? String(view.peers) : '–')
      setText(numbers.ratio, ratio(view.ratio))
    },
  }
}

function showRate(cell, bytesPerSecond) {
  setText(cell, rate(bytesPerSecond))
  cell.classList.toggle('still', bytesPerSecond < 1)
}

/** What moves, else how much it is. */
function ratesOf(view) {
  const parts = []
  if (view.downloadBytesPerSecond >= 1) parts.push(`↓ ${rate(view.downloadBytesPerSecond)}`)
  if (view.uploadBytesPerSecond >= 1) parts.push(`↑ ${rate(view.uploadBytesPerSecond)}`)
  return parts.length > 0 || !(view.sizeBytes > 0) ? parts.join(' ') : size(view.sizeBytes)
}
