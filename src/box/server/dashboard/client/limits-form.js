import { el, field } from './elements.js'
import { problem } from './notices.js'

const bytesPerUnit = 1_000

/**
 * Fields for limits, with a button that saves them. Empty is without limit.
 *
 * @param {object} init
 * @param {() => { uploadLimit: number | null, downloadLimit: number | null, ratioGoal?: number | null }} init.read
 * @param {(change: object) => Promise<void>} init.write
 * @param {boolean} [init.hasGoal] whether there is a ratio to stop at
 */
export function limitsForm({ read, write, hasGoal = false }) {
  const { fields, values } = limitsFields(read(), { hasGoal })
  const onSubmit = async event => {
    event.preventDefault()
    await write(values()).catch(problem)
  }
  return el(
    'form',
    { class: 'limits', on: { submit: event => void onSubmit(event) } },
    ...fields,
    el('div', {}, el('button', { type: 'submit', class: 'button primary' }, 'Save')),
  )
}

/** The fields alone, and how what is in them is read. */
export function limitsFields(
  { uploadLimit, downloadLimit, ratioGoal },
  { hasGoal = false, isFirst = false } = {},
) {
  const down = limitInput(downloadLimit, { autofocus: isFirst })
  const up = limitInput(uploadLimit)
  const goal = el('input', {
    type: 'number',
    min: '0',
    step: 'any',
    inputmode: 'decimal',
    value: ratioGoal ?? '',
    placeholder: 'As the box',
  })
  const unit = input => el('span', { class: 'with-unit' }, input, 'kB/s')
  return {
    fields: [
      el('div', { class: 'pair' }, field('Receive at most', unit(down)), field('Send at most', unit(up))),
      el('p', { class: 'hint' }, 'Left empty there is no limit.'),
      hasGoal &&
        field('Rest at a ratio of', goal, 'How often it is given before it rests; 0 goes on for ever.'),
    ].filter(Boolean),
    values: () => ({
      downloadLimit: read(down, bytesPerUnit),
      uploadLimit: read(up, bytesPerUnit),
      ...(hasGoal && { ratioGoal: read(goal, 1) }),
    }),
  }
}

function limitInput(limit, props = {}) {
  return el('input', {
    ...props,
    type: 'number',
    min: '0',
    step: 'any',
    inputmode: 'decimal',
    placeholder: 'No limit',
    value: typeof limit === 'number' ? Math.round(limit / bytesPerUnit) : '',
  })
}

function read(input, factor) {
  return input.value === '' ? null : Number(input.value) * factor
}
