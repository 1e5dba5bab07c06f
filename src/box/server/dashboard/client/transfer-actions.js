import { ask, forEachOf, post } from './api.js'
import { openDialog } from './dialog.js'
import { el } from './elements.js'
import { count, plain } from './format.js'
import { notice } from './notices.js'

export function pauseAll(ids) {
  return forAll(ids, 'pause', 'paused')
}

export function resumeAll(ids) {
  return forAll(ids, 'resume', 'resumed')
}

async function forAll(ids, verb, done) {
  tellOutcome(await forEachOf(ids, id => post(`/transfers/${id}/${verb}`)), ids.length, done)
}

/**
 * Asks, and takes transfers out of the box. Resolves with whether it was done.
 *
 * @param {object[]} views
 */
export async function removeAsked(views) {
  const one = views.length === 1 ? plain(views[0].name) : undefined
  const data = el('input', { type: 'checkbox' })
  const isSure = await openDialog({
    title: one === undefined ? `Remove ${count(views.length, 'transfer')}?` : 'Remove this transfer?',
    body: [
      one !== undefined && el('p', { class: 'clip' }, el('bdi', {}, one)),
      el('p', { class: 'soft' }, 'The box stops sharing and forgets it. Its files stay where they are.'),
      el(
        'label',
        { class: 'check' },
        data,
        el('span', {}, 'Delete the files that the box has fetched, too. Shared folders are never touched.'),
      ),
    ],
    confirm: 'Remove',
    isDanger: true,
  })
  if (!isSure) return false
  let left = 0
  const problems = await forEachOf(
    views.map(view => view.id),
    async id => {
      const answer = await ask('DELETE', `/transfers/${id}?data=${data.checked}`)
      left += answer?.left?.length ?? 0
    },
  )
  tellOutcome(problems, views.length, 'removed')
  if (left > 0)
    notice(`${count(left, 'file')} could not be deleted and ${left === 1 ? 'is' : 'are'} still there.`, {
      isProblem: true,
    })
  return true
}

function tellOutcome(problems, whole, done) {
  const well = whole - problems.length
  if (problems.length > 0)
    notice(
      whole === 1
        ? problems[0].message
        : `${count(problems.length, 'transfer')} could not be ${done}: ${problems[0].message}`,
      { isProblem: true },
    )
  else if (well > 0) notice(`${well === 1 ? 'Transfer' : count(well, 'transfer')} ${done}.`)
}
