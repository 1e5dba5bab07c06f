import { post } from './api.js'
import { openDialog } from './dialog.js'
import { el, setText } from './elements.js'
import { count, plain, size } from './format.js'
import { notice } from './notices.js'

const shownAtFirst = 20

/**
 * What would be fetched, could go, and was left out, with why.
 *
 * @param {object} plan as the box answers it
 * @param {{ onChange: () => void }} init
 */
export function planParts(plan, { onChange }) {
  const { fetch, drop, leftOut, keep, fetchCount, leftOutCount, usedBytes, quotaBytes } = plan
  const used =
    quotaBytes === undefined
      ? `${size(usedBytes)} are used; there is no quota.`
      : `${size(usedBytes)} of a quota of ${size(quotaBytes)} are used.`
  const parts = [
    el('p', { class: 'soft plan-summary' }, `${count(keep.length, 'transfer')} kept. ${used}`),
    planCard({
      words: 'To be fetched',
      items: fetch,
      number: fetchCount,
      none: 'Everything that is wanted and fits is here or on its way.',
    }),
  ]
  if (drop.length > 0)
    parts.push(
      planCard({
        words: 'Could go',
        items: drop,
        number: drop.length,
        note: 'Nothing goes by itself.',
        action: el(
          'button',
          { type: 'button', class: 'button danger', on: { click: () => void prune(drop, onChange) } },
          'Let them go…',
        ),
      }),
    )
  if (leftOut.length > 0) parts.push(planCard({ words: 'Left out', items: leftOut, number: leftOutCount }))
  return parts
}

async function prune(drop, onChange) {
  const whole = drop.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const isSure = await openDialog({
    title: `Remove ${count(drop.length, 'transfer')}?`,
    body: [
      el(
        'p',
        {},
        `They are taken out of the box, and the files that it fetched for them are deleted: ${size(whole)}.`,
      ),
      el('ul', { class: 'plan-list' }, ...drop.slice(0, shownAtFirst).map(planLine)),
      drop.length > shownAtFirst && el('p', { class: 'soft' }, `and ${drop.length - shownAtFirst} more`),
    ],
    confirm: 'Remove',
    isDanger: true,
    async onConfirm() {
      const { dropped } = await post('/plan/prune', { ids: drop.map(({ id }) => id) })
      notice(`${count(dropped.length, 'transfer')} removed.`)
    },
  })
  if (isSure) onChange()
}

function planCard({ words, items, number, none, note, action }) {
  const list = el('ul', { class: 'plan-list' })
  const more = el('button', { type: 'button', class: 'button quiet', on: { click: () => fill(items) } })
  const fill = some => {
    list.replaceChildren(...some.map(planLine))
    more.hidden = some.length >= items.length
    setText(more, `Show ${items.length.toLocaleString('en')}`)
  }
  fill(items.slice(0, shownAtFirst))
  return el(
    'section',
    { class: 'card plan' },
    el('h2', {}, words, el('span', { class: 'number' }, ` ${number.toLocaleString('en')}`)),
    items.length === 0 ? el('p', { class: 'soft' }, none) : list,
    more,
    note !== undefined && el('p', { class: 'hint' }, note),
    action,
  )
}

function planLine({ title, name, sizeBytes, why }) {
  return el(
    'li',
    {},
    el('bdi', { class: 'clip' }, plain(title ?? name)),
    el('span', { class: 'soft number' }, sizeBytes === undefined ? '' : size(sizeBytes)),
    el('span', { class: 'soft why' }, plain(why)),
  )
}
