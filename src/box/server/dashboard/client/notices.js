import { el, icon } from './elements.js'
import { plain } from './format.js'

const staysMs = 6_000
const mostAtOnce = 4
const box = document.getElementById('notices')
const said = document.getElementById('said')

/** Says something at the edge of the page for a while. */
export function notice(text, { isProblem = false } = {}) {
  const close = () => element.remove()
  const element = el(
    'div',
    { class: isProblem ? 'notice problem' : 'notice' },
    icon(isProblem ? 'warn' : 'done'),
    el('p', {}, plain(text)),
    el(
      'button',
      { type: 'button', class: 'tool', 'aria-label': 'Close', on: { click: close } },
      icon('close'),
    ),
  )
  box.append(element)
  const shown = box.querySelectorAll('.notice')
  if (shown.length > mostAtOnce) shown[0].remove()
  tell(plain(text))
  setTimeout(close, isProblem ? staysMs * 2 : staysMs)
}

export function problem(error) {
  if (error?.name !== 'AbortError') notice(error?.message ?? String(error), { isProblem: true })
}

/** Says something to those who hear the page. */
export function tell(text) {
  said.textContent = text
}

let awayTimer
/** The note that the box does not answer; a short gap is not worth one. */
export function showAway(isAway) {
  const note = document.getElementById('away')
  if (!isAway) {
    clearTimeout(awayTimer)
    awayTimer = undefined
    note.textContent = ''
    delete document.body.dataset.away
  } else
    awayTimer ??= setTimeout(() => {
      note.textContent = 'The box does not answer. What you see is from before; trying again…'
      document.body.dataset.away = ''
    }, 1_500)
}
