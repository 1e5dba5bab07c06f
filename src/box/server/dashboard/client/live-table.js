import { el, setText } from './elements.js'

const shownAtFirst = 200

/**
 * A table that is told again and again what it shows, and changes only what has changed.
 *
 * @param {object} init
 * @param {string} init.caption for those who hear the page
 * @param {{ words: string, text?: (item: object) => string, isNumber?: boolean, isMain?: boolean,
 *   make?: (item: object) => { element: Node, show?: (item: object) => void } }[]} init.columns
 * @param {(item: object) => unknown} init.keyOf
 */
export function liveTable({ caption, columns, keyOf }) {
  const body = el('tbody')
  const more = el('button', { type: 'button', class: 'button quiet', hidden: true, on: { click: showAll } })
  const element = el(
    'div',
    { class: 'table-place' },
    el(
      'div',
      { class: 'table-scroll' },
      el(
        'table',
        {},
        el('caption', { class: 'hidden-visually' }, caption),
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...columns.map(column => el('th', { scope: 'col', class: classOf(column) }, column.words)),
          ),
        ),
        body,
      ),
    ),
    more,
  )
  let rows = new Map()
  let items = []
  let most = shownAtFirst

  function showAll() {
    most = Number.POSITIVE_INFINITY
    show(items)
  }

  function show(next) {
    items = next
    const kept = new Map()
    let before = null
    for (const item of next.slice(0, most)) {
      const key = keyOf(item)
      const row = rows.get(key) ?? makeRow(columns, item)
      kept.set(key, row)
      for (const cell of row.cells) cell.show(item)
      const place = before === null ? body.firstChild : before.nextSibling
      if (place !== row.element) body.insertBefore(row.element, place)
      before = row.element
    }
    for (const [key, row] of rows) if (!kept.has(key)) row.element.remove()
    rows = kept
    more.hidden = next.length <= most
    setText(more, `Show all ${next.length.toLocaleString('en')}`)
  }

  return { element, show }
}

function makeRow(columns, item) {
  const cells = columns.map(column => {
    const element = el('td', { class: classOf(column), 'data-words': column.words })
    if (!column.make) return { element, show: now => setText(element, column.text(now)) }
    const made = column.make(item)
    element.append(made.element)
    return { element, show: now => made.show?.(now) }
  })
  return { element: el('tr', {}, ...cells.map(cell => cell.element)), cells }
}

function classOf({ isNumber, isMain }) {
  return isNumber ? 'number' : isMain ? 'main' : undefined
}
