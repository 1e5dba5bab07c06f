import { ask, get } from './api.js'
import { openDialog } from './dialog.js'
import { el } from './elements.js'
import { limitsFields } from './limits-form.js'
import { notice, problem } from './notices.js'
import { letSingleKeysWork, singleKeysWork } from './single-keys.js'

/** The limits over everything that the box does. @param {string} hours what is to be said of slow hours */
export async function openLimits(hours) {
  try {
    const { fields, values } = limitsFields(await get('/limits'), { isFirst: true })
    await openDialog({
      title: 'Speed limits',
      body: [
        el(
          'p',
          { class: 'soft' },
          'For all transfers together, until the box is started again or its schedule changes them.',
        ),
        hours !== '' && el('p', { class: 'soft' }, `${hours}.`),
        ...fields,
      ],
      confirm: 'Save',
      async onConfirm() {
        await ask('PATCH', '/limits', values())
        notice('Limits saved.')
      },
    })
  } catch (error) {
    problem(error)
  }
}

const keys = [
  [['/'], 'Filter the transfers'],
  [['j', 'k'], 'Go down and up; arrow keys do too'],
  [['Enter'], 'Open a transfer'],
  [['x'], 'Select it'],
  [['Ctrl', 'A'], 'Select all that are shown'],
  [['p'], 'Pause or resume'],
  [['Delete'], 'Remove'],
  [['Esc'], 'Select none, or go back'],
  [['a'], 'Add'],
  [['l'], 'Speed limits'],
  [['1', '2', '3', '4'], 'Transfers, Activity, Following, Search'],
  [['?'], 'This list'],
]

export function openHelp() {
  const single = el('input', {
    type: 'checkbox',
    on: { change: () => letSingleKeysWork(single.checked) },
  })
  single.checked = singleKeysWork()
  openDialog({
    title: 'Keyboard shortcuts',
    body: [
      el(
        'dl',
        { class: 'keys' },
        ...keys.flatMap(([names, words]) => [
          el('dt', {}, ...names.map(name => el('kbd', {}, name))),
          el('dd', {}, words),
        ]),
      ),
      el('label', { class: 'check' }, single, el('span', {}, 'Letters, digits and signs alone do this')),
      el('p', { class: 'hint' }, 'A magnet link that is pasted onto the page is added, too.'),
    ],
  })
}
