import { el, field } from './elements.js'
import { problem } from './notices.js'

const bytesPerUnit = 1_000
const secondsPerHour = 3_600

/**
 * Fields for the limits and goals of one transfer, with a button that saves them.
 *
 * @param {object} init
 * @param {object} init.view the transfer, as it is now
 * @param {(change: object) => Promise<void>} init.write
 */
export function limitsForm({ view, write }) {
  const { fields, values, show } = limitsFields(view, { hasGoals: true })
  // What somebody has begun to write stays, whoever else changes it meanwhile.
  let isTouched = false
  const onSubmit = async event => {
    event.preventDefault()
    try {
      await write(values())
      isTouched = false
    } catch (error) {
      problem(error)
    }
  }
  const element = el(
    'form',
    {
      class: 'limits',
      on: {
        submit: event => void onSubmit(event),
        input: () => {
          isTouched = true
        },
      },
    },
    ...fields,
    el('div', {}, el('button', { type: 'submit', class: 'button primary' }, 'Save')),
  )
  return {
    element,
    show(now) {
      if (!isTouched) show(now)
    },
  }
}

/**
 * The fields alone, and how what is in them is read. Empty is without limit, or a goal as the settings have it.
 *
 * @param {{ uploadLimit: number | null, downloadLimit: number | null, ratioGoal?: number | null, seedSecondsGoal?: number | null }} limits
 * @param {{ hasGoals?: boolean, isFirst?: boolean }} [options] `isFirst` where somebody writes into them at once
 */
export function limitsFields(limits, { hasGoals = false, isFirst = false } = {}) {
  const down = numberField({ name: 'downloadLimit', factor: bytesPerUnit, unit: 'kB/s', autofocus: isFirst })
  const up = numberField({ name: 'uploadLimit', factor: bytesPerUnit, unit: 'kB/s' })
  const asBox = { placeholder: 'As the box' }
  const ratio = numberField({ name: 'ratioGoal', factor: 1, unit: 'times', ...asBox })
  const time = numberField({ name: 'seedSecondsGoal', factor: secondsPerHour, unit: 'hours', ...asBox })
  const used = hasGoals ? [down, up, ratio, time] : [down, up]
  const show = now => {
    for (const one of used) one.show(now)
  }
  show(limits)
  return {
    fields: [
      el('div', { class: 'pair' }, field('Receive at most', down.element), field('Send at most', up.element)),
      el('p', { class: 'hint' }, 'Left empty there is no limit.'),
      hasGoals &&
        el(
          'div',
          { class: 'pair' },
          field('Rest once given', ratio.element),
          field('Rest once shared for', time.element),
        ),
      hasGoals &&
        el('p', { class: 'hint' }, 'Left empty it is as in the settings of the box; 0 goes on for ever.'),
    ].filter(Boolean),
    values: () => Object.fromEntries(used.map(one => [one.name, one.read()])),
    show,
  }
}

function numberField({ name, factor, unit, placeholder = 'No limit', autofocus }) {
  const input = el('input', {
    type: 'number',
    min: '0',
    step: 'any',
    inputmode: 'decimal',
    placeholder,
    autofocus,
  })
  let shown = { text: '', value: null }
  return {
    name,
    element: el('span', { class: 'with-unit' }, input, unit),
    show(limits) {
      const value = limits[name] ?? null
      shown = { text: value === null ? '' : String(shortened(value / factor)), value }
      if (input.value !== shown.text) input.value = shown.text
    },
    // What was rounded to be shown stays what it is, unless somebody writes another.
    read: () => (input.value === shown.text ? shown.value : input.value === '' ? null : input.value * factor),
  }
}

/** Three digits tell enough, and of a rate below that all that there is. */
function shortened(number) {
  return number >= 100 ? Math.round(number) : Number(number.toFixed(3))
}
