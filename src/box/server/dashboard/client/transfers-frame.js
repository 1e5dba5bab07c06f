import { button, el, icon } from './elements.js'
import { orders } from './order.js'
import { groups } from './states.js'
import { columns } from './transfer-row.js'

/**
 * What stands around the rows of the list: title, filters, heads, and the bar for what is selected.
 *
 * @param {Record<string, (...given: never[]) => void>} on what is done with each of them
 */
export function transfersFrame(on) {
  const text = el('input', {
    type: 'search',
    placeholder: 'Filter',
    'aria-label': 'Filter by name or label',
    autocomplete: 'off',
    spellcheck: 'false',
    on: { input: () => on.want({ text: text.value }) },
  })
  const chips = groups.map(({ name, words }) => {
    const number = el('span', { class: 'number' }, '0')
    const chip = el(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-pressed': String(name === 'all'),
        'data-group': name,
        on: { click: () => on.want({ group: name }) },
      },
      words,
      number,
    )
    return { name, chip, number }
  })
  const label = el('select', {
    class: 'label-choice',
    'aria-label': 'Label',
    on: { change: () => on.want({ label: label.value }) },
  })
  const order = el(
    'select',
    {
      'aria-label': 'Sort by',
      on: {
        change: () => on.want({ order: order.value, isDown: orders[order.value].down }),
      },
    },
    ...Object.entries(orders).map(([name, { words }]) => el('option', { value: name }, words)),
  )
  const turn = el(
    'button',
    {
      type: 'button',
      class: 'tool',
      'aria-label': 'Turn the order around',
      title: 'Turn the order around',
      on: { click: on.turn },
    },
    icon('sort'),
  )
  const all = el('input', {
    type: 'checkbox',
    'aria-label': 'Select all that are shown',
    on: {
      change: () => on.selectAll(all.checked),
    },
  })
  const heads = columns.map(column =>
    el(
      'div',
      { role: 'columnheader', class: `cell ${column.name}`, 'data-order': column.order },
      el('button', { type: 'button', on: { click: () => on.sortBy(column.order) } }, column.words),
    ),
  )
  const rows = el('div', {
    role: 'rowgroup',
    class: 'rows',
    on: { click: on.click, focusin: on.focus },
  })
  const table = el(
    'div',
    { role: 'grid', class: 'transfers', 'aria-label': 'Transfers', 'aria-multiselectable': 'true' },
    el(
      'div',
      { role: 'row', class: 'row heads', 'aria-rowindex': '1' },
      el('div', { role: 'columnheader', class: 'cell pick' }, el('label', { class: 'pick-area' }, all)),
      ...heads,
    ),
    rows,
  )
  const empty = el('div', { class: 'empty-place' })
  const picked = el('span', { class: 'picked' })
  const bar = el(
    'div',
    { class: 'picked-bar', role: 'toolbar', 'aria-label': 'What to do with the selected', hidden: true },
    picked,
    button('done', 'Select all', () => on.selectAll(true), { class: 'button quiet narrow-only' }),
    button('pause', 'Pause', on.pause, { class: 'button quiet' }),
    button('resume', 'Resume', on.resume, { class: 'button quiet' }),
    button('remove', 'Remove…', on.remove, { class: 'button quiet danger' }),
    el(
      'button',
      {
        type: 'button',
        class: 'tool',
        'aria-label': 'Select none',
        title: 'Select none (Esc)',
        on: { click: on.selectNone },
      },
      icon('close'),
    ),
  )
  const filters = el(
    'div',
    { class: 'filters' },
    el('div', { class: 'chips', role: 'group', 'aria-label': 'Show' }, ...chips.map(({ chip }) => chip)),
    el(
      'div',
      { class: 'finders' },
      el('div', { class: 'search-field' }, icon('search'), text),
      label,
      el('div', { class: 'order-field' }, order, turn),
    ),
  )
  const element = el(
    'div',
    { class: 'transfers-view' },
    el(
      'div',
      { class: 'view-head' },
      el('h1', {}, 'Transfers'),
      button('plus', 'Add', on.add, { class: 'button primary', title: 'Add (a)' }),
    ),
    filters,
    table,
    empty,
    bar,
  )
  return { element, text, chips, label, filters, order, all, heads, rows, table, empty, bar, picked }
}
