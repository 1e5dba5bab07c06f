import { getIfThere } from './api.js'
import { rateChart } from './chart.js'
import { el, emptyNote, setText } from './elements.js'
import { rate, ratio, size } from './format.js'
import { problem } from './notices.js'

const spans = [
  { name: 'hour', words: 'Hour', step: '10 seconds', seconds: 3_600, everyMs: 10_000 },
  { name: 'day', words: 'Day', step: 'minute', seconds: 86_400, everyMs: 60_000 },
  { name: 'month', words: 'Month', step: 'hour', seconds: 31 * 86_400, everyMs: 600_000 },
]

/** That the chart has room for, however few there are. */
const leastSteps = 24

/** What went through the box in the last hour, day and month. */
export class ActivityView {
  title = 'Activity'
  #span = spans[0]
  #timer
  #abort
  #parts

  constructor() {
    const chart = rateChart()
    const choices = spans.map(span => {
      const choice = el(
        'button',
        { type: 'button', class: 'chip', 'aria-pressed': 'false', on: { click: () => this.#choose(span) } },
        span.words,
      )
      return { span, choice }
    })
    const tiles = tileWords(spans[0]).map(words => ({ name: el('dt', {}, words), value: el('dd', {}, '–') }))
    const empty = emptyNote(
      'activity',
      'No history yet',
      'The box notes how much it receives and sends. Come back in a minute.',
    )
    empty.hidden = true
    const body = el(
      'section',
      { class: 'card activity', 'aria-label': 'Received and sent' },
      el(
        'p',
        { class: 'legend' },
        el('span', { class: 'key down' }, 'Receiving'),
        el('span', { class: 'key up' }, 'Sending'),
      ),
      chart.element,
      el('dl', { class: 'tiles' }, ...tiles.map(({ name, value }) => el('div', {}, name, value))),
    )
    this.element = el(
      'div',
      {},
      el(
        'div',
        { class: 'view-head' },
        el('h1', {}, 'Activity'),
        el(
          'div',
          { class: 'chips', role: 'group', 'aria-label': 'Time that is shown' },
          ...choices.map(({ choice }) => choice),
        ),
      ),
      body,
      empty,
    )
    this.#parts = { chart, choices, tiles, body, empty }
  }

  show() {
    scrollTo(0, 0)
    this.#choose(this.#span)
  }

  hide() {
    this.#abort?.abort()
    clearTimeout(this.#timer)
  }

  #choose(span) {
    this.#span = span
    for (const { span: one, choice } of this.#parts.choices)
      choice.setAttribute('aria-pressed', String(one === span))
    void this.#load()
  }

  async #load() {
    this.hide()
    const abort = new AbortController()
    this.#abort = abort
    const span = this.#span
    try {
      const history = await getIfThere(`/history?span=${span.name}`, abort)
      if (!abort.signal.aborted) this.#show(span, history)
    } catch (error) {
      if (!abort.signal.aborted && error.status !== 0) problem(error)
    }
    if (!abort.signal.aborted) this.#timer = setTimeout(() => void this.#load(), span.everyMs)
  }

  #show(span, history) {
    const { chart, tiles, body, empty } = this.#parts
    const steps = (history?.steps ?? []).map(step => ({
      at: Date.parse(step.at),
      down: step.downloadBytesPerSecond,
      up: step.uploadBytesPerSecond,
      peers: step.peers,
    }))
    body.hidden = steps.length === 0
    empty.hidden = steps.length > 0
    if (steps.length === 0) return
    const { downloadedBytes: received, uploadedBytes: sent, stepSeconds } = history
    const most = name => Math.max(...steps.map(step => step[name]))
    const values = [
      size(received),
      size(sent),
      received > 0 ? ratio(sent / received) : '–',
      rate(most('down')),
      rate(most('up')),
      String(Math.ceil(most('peers'))),
    ]
    const words = tileWords(span)
    for (const [index, { name, value }] of tiles.entries()) {
      setText(name, words[index])
      setText(value, values[index])
    }
    const stepMs = stepSeconds * 1_000
    const toMs = Math.max(Date.now(), steps.at(-1).at + stepMs)
    chart.show({
      steps,
      stepMs,
      toMs,
      // A box that is younger than the span would have its whole life in a hair's breadth.
      fromMs: Math.max(toMs - span.seconds * 1_000, Math.min(steps[0].at, toMs - leastSteps * stepMs)),
      words: `In the last ${span.name} ${size(received)} were received and ${size(sent)} sent.`,
    })
  }
}

/** Rates are those of whole steps: over a month an hour's, which are less than the second's that one may have seen. */
function tileWords({ step }) {
  return [
    'Received',
    'Sent',
    'Sent for each received',
    `Receiving, best ${step}`,
    `Sending, best ${step}`,
    'Most peers',
  ]
}
