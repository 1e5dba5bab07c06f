import { post } from './api.js'
import { openDialog } from './dialog.js'
import { el } from './elements.js'
import { count, plain } from './format.js'
import { notice, problem } from './notices.js'

/** Named by one request: the answer comes while one still looks. */
const atOnce = 500

export function pauseAll(ids) {
  return steer({ ids, verb: 'pause', done: 'paused' })
}

export function resumeAll(ids) {
  return steer({ ids, verb: 'resume', done: 'resumed' })
}

/**
 * Asks, and takes transfers out of the box. Resolves with whether it was done.
 *
 * @param {object[]} views
 */
export async function removeAsked(views) {
  const one = views.length === 1 ? plain(views[0].name) : undefined
  const data = el('input', { type: 'checkbox' })
  const isFetched = views.some(view => view.kind !== 'share')
  const isSure = await openDialog({
    title: one === undefined ? `Remove ${count(views.length, 'transfer')}?` : 'Remove this transfer?',
    body: [
      one !== undefined && el('p', { class: 'clip' }, el('bdi', {}, one)),
      el(
        'p',
        { class: 'soft' },
        one === undefined
          ? 'The box stops sharing and forgets them. Their files stay where they are.'
          : 'The box stops sharing and forgets it. Its files stay where they are.',
      ),
      isFetched &&
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
  return steer({
    ids: views.map(view => view.id),
    verb: 'remove',
    done: 'removed',
    data: data.checked,
  })
}

/** Does the same with all of them, and says what came of it. Resolves with whether it was done with any. */
async function steer({ ids, verb, done, data }) {
  const failed = []
  let well = 0
  let left = 0
  try {
    for (let at = 0; at < ids.length; at += atOnce) {
      const some = ids.slice(at, at + atOnce)
      const answer = await post('/transfers/steer', { ids: some, do: verb, data })
      well += answer.done
      left += answer.left
      failed.push(...answer.failed)
    }
  } catch (error) {
    problem(error)
  }
  if (failed.length > 0)
    notice(
      ids.length === 1
        ? failed[0].detail
        : `${count(failed.length, 'transfer')} could not be ${done}: ${failed[0].detail}`,
      { isProblem: true },
    )
  if (well > 0) notice(`${ids.length === 1 ? 'Transfer' : count(well, 'transfer')} ${done}.`)
  if (left > 0)
    notice(`${count(left, 'file')} could not be deleted and ${left === 1 ? 'is' : 'are'} still there.`, {
      isProblem: true,
    })
  return well > 0
}
