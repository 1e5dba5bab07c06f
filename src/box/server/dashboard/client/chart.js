import { el, setText, shape } from './elements.js'
import { dayOf, rate, timeOfDay } from './format.js'

const height = 280
const leastStepPixels = 4
const room = { top: 14, right: 8, bottom: 26, left: 68 }

/**
 * Draws what was received and sent over time. Steps that are missing are time in which the box did not run.
 *
 * @typedef {{ at: number, down: number, up: number, peers: number }} Step rates are bytes a second, `at` milliseconds
 */
export function rateChart() {
  const drawing = shape('svg', { class: 'chart', role: 'img' })
  const tip = el('div', { class: 'chart-tip', hidden: true })
  const element = el(
    'div',
    { class: 'chart-place', on: { pointermove: point, pointerleave: leave } },
    drawing,
    tip,
  )
  const cursor = shape('line', {
    class: 'cursor',
    y1: room.top,
    y2: height - room.bottom,
    visibility: 'hidden',
  })
  let data
  let scale

  const watch = new ResizeObserver(() => draw())
  watch.observe(element)

  function draw() {
    const width = element.clientWidth
    if (!data || width === 0) return
    const { fromMs, toMs } = data
    const { steps, stepMs } = coarser(data, width)
    const most = niceMost(Math.max(1_000, ...steps.map(step => Math.max(step.down, step.up))))
    const x = ms => room.left + ((ms - fromMs) / (toMs - fromMs)) * (width - room.left - room.right)
    const y = value => height - room.bottom - (value / most) * (height - room.top - room.bottom)
    scale = { x, y, width }
    drawing.setAttribute('viewBox', `0 0 ${width} ${height}`)
    drawing.setAttribute('height', String(height))
    const parts = []
    for (let line = 0; line <= 4; line++) {
      const value = (most / 4) * line
      parts.push(
        shape('line', { class: 'grid', x1: room.left, x2: width - room.right, y1: y(value), y2: y(value) }),
        label(room.left - 10, y(value) + 4, line === 0 ? '0' : rate(value), 'end'),
      )
    }
    for (const ms of timeTicks(fromMs, toMs, Math.max(2, Math.floor(width / 130))))
      parts.push(
        label(x(ms), height - 6, toMs - fromMs > 2 * 86_400_000 ? dayOf(ms) : timeOfDay(ms), 'middle'),
      )
    for (const name of ['down', 'up'])
      for (const run of runsOf(steps, stepMs)) {
        const [first, last] = [x(run[0].at), Math.min(x(run.at(-1).at + stepMs), width - room.right)]
        const points = [
          [first, y(run[0][name])],
          ...run.map(step => [Math.min(x(step.at + stepMs / 2), last), y(step[name])]),
          [last, y(run.at(-1)[name])],
        ]
        const line = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join('L')
        parts.push(
          shape('path', { class: `area ${name}`, d: `M${first},${y(0)}L${line}L${last},${y(0)}Z` }),
          shape('path', { class: `line ${name}`, d: `M${line}` }),
        )
      }
    drawing.replaceChildren(...parts, cursor)
  }

  function point(event) {
    if (!scale || data.steps.length === 0) return
    const px = event.clientX - element.getBoundingClientRect().left
    const step = data.steps.reduce((best, one) =>
      Math.abs(scale.x(one.at) - px) < Math.abs(scale.x(best.at) - px) ? one : best,
    )
    const at = scale.x(step.at)
    cursor.setAttribute('x1', at)
    cursor.setAttribute('x2', at)
    cursor.setAttribute('visibility', 'visible')
    tip.hidden = false
    const day = data.toMs - data.fromMs > 86_400_000 ? `${dayOf(step.at)}, ` : ''
    setText(
      tip,
      `${day}${timeOfDay(step.at)}\nReceiving ${rate(step.down)}\nSending ${rate(step.up)}\nPeers ${Math.round(step.peers)}`,
    )
    const half = tip.offsetWidth / 2
    tip.style.transform = `translateX(${Math.min(Math.max(at - half, 0), scale.width - 2 * half)}px)`
  }

  function leave() {
    tip.hidden = true
    cursor.setAttribute('visibility', 'hidden')
  }

  return {
    element,
    /** @param {{ steps: Step[], fromMs: number, toMs: number, stepMs: number, words: string }} next */
    show(next) {
      data = next
      drawing.setAttribute('aria-label', next.words)
      draw()
    },
  }
}

/** Steps that are wide enough to be told apart, each the mean of those in it. */
function coarser({ steps, stepMs, fromMs, toMs }, width) {
  const times = Math.ceil(leastStepPixels / (((width - room.left - room.right) * stepMs) / (toMs - fromMs)))
  if (times <= 1) return { steps, stepMs }
  const groups = Map.groupBy(steps, ({ at }) => Math.floor(at / (stepMs * times)))
  const mean = (group, name) => group.reduce((sum, step) => sum + step[name], 0) / group.length
  return {
    stepMs: stepMs * times,
    steps: [...groups.values()].map(group => ({
      at: group[0].at,
      down: mean(group, 'down'),
      up: mean(group, 'up'),
    })),
  }
}

function label(x, y, text, anchor) {
  const element = shape('text', { x, y, 'text-anchor': anchor })
  element.textContent = text
  return element
}

/** A little more, whose quarters are round as well. */
function niceMost(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map(step => step * power).find(most => most >= value)
}

function timeTicks(fromMs, toMs, most) {
  const minute = 60_000
  const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 14_400].map(
    step => step * minute,
  )
  const step = steps.find(one => (toMs - fromMs) / one <= most) ?? steps.at(-1)
  // Ticks stand at round times of where the page is looked at.
  const shift = new Date(toMs).getTimezoneOffset() * minute
  const ticks = []
  for (let at = Math.ceil((fromMs - shift) / step) * step + shift; at < toMs; at += step) ticks.push(at)
  return ticks.filter(at => at - fromMs > (toMs - fromMs) * 0.02 && toMs - at > (toMs - fromMs) * 0.02)
}

/** Steps that follow each other, cut where the box did not run. */
function runsOf(steps, stepMs) {
  const runs = []
  for (const [index, step] of steps.entries()) {
    if (index === 0 || step.at - steps[index - 1].at > stepMs * 2.5) runs.push([])
    runs.at(-1).push(step)
  }
  return runs
}
