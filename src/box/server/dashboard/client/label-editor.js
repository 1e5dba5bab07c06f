import { ask } from './api.js'
import { el, icon, nextId } from './elements.js'
import { plain } from './format.js'
import { problem } from './notices.js'

const mostLetters = 100

/**
 * The labels of one transfer: each can be taken off, others put on.
 *
 * @param {{ id: number, known: () => string[] }} init `known` tells the labels of all transfers, to choose from
 */
export function labelEditor({ id, known }) {
  const list = el('ul', { class: 'labels' })
  const choices = el('datalist', { id: nextId() })
  const input = el('input', {
    type: 'text',
    'aria-label': 'Add a label',
    placeholder: 'Add a label',
    autocomplete: 'off',
    autocapitalize: 'off',
    maxlength: String(mostLetters),
    list: choices.id,
    on: { focus: offer },
  })
  const form = el(
    'form',
    { class: 'label-form', on: { submit: event => void add(event) } },
    input,
    choices,
    el('button', { type: 'submit', class: 'button', 'aria-label': 'Add the label' }, icon('plus')),
  )
  let labels = []

  function offer() {
    choices.replaceChildren(
      ...known()
        .filter(label => !labels.includes(label))
        .map(label => el('option', { value: label })),
    )
  }

  async function add(event) {
    event.preventDefault()
    const added = input.value
      .split(',')
      .map(label => label.trim())
      .filter(Boolean)
    if (added.length > 0 && (await send([...labels, ...added]))) input.value = ''
  }

  async function send(next) {
    try {
      show(await ask('PATCH', `/transfers/${id}`, { labels: [...new Set(next)] }))
      return true
    } catch (error) {
      problem(error)
      return false
    }
  }

  function show(view) {
    if (JSON.stringify(view.labels) === JSON.stringify(labels)) return
    labels = view.labels
    list.replaceChildren(...labels.map(chip))
  }

  function chip(label) {
    const text = plain(label)
    const takeOff = async () => {
      await send(labels.filter(one => one !== label))
      // The button that had the focus is gone.
      input.focus()
    }
    return el(
      'li',
      {},
      el('bdi', { class: 'clip' }, text),
      el(
        'button',
        {
          type: 'button',
          'aria-label': `Take off the label ${text}`,
          title: 'Take off',
          on: { click: () => void takeOff() },
        },
        icon('close'),
      ),
    )
  }

  return { element: el('div', { class: 'label-editor' }, list, form), show }
}
