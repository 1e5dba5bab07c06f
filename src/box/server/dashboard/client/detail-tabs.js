import { ask, get } from './api.js'
import { el, emptyNote, icon, setText } from './elements.js'
import { percent, plain, rate, size, when } from './format.js'
import { limitsForm } from './limits-form.js'
import { liveTable } from './live-table.js'
import { notice, problem } from './notices.js'
import { wordsOf } from './states.js'

const priorities = [
  [0, 'Skip'],
  [1, 'Last'],
  [4, 'Normal'],
  [7, 'First'],
]

const sources = {
  manual: 'named',
  tracker: 'tracker',
  dht: 'DHT',
  lsd: 'local network',
  pex: 'other peers',
  incoming: 'came to us',
  'web seed': 'web',
}

const trackerWords = {
  waiting: 'Not answered yet',
  working: 'Works',
  failed: 'Failed',
  refused: 'Not asked: a private address',
}

/** What there is to see of one transfer, each with how it is asked for and shown. */
export const detailTabs = [
  { name: 'files', words: 'Files', make: filesTab },
  { name: 'peers', words: 'Peers', make: peersTab },
  { name: 'trackers', words: 'Trackers', make: trackersTab },
  { name: 'log', words: 'Log', make: logTab },
  { name: 'limits', words: 'Limits', make: limitsTab },
]

function filesTab({ id, view }) {
  const table = liveTable({
    caption: 'Files',
    keyOf: file => file.number,
    columns: [
      {
        words: 'Name',
        isMain: true,
        make: file => ({ element: el('bdi', {}, plain(file.path)) }),
      },
      { words: 'Size', isNumber: true, text: file => size(file.sizeBytes) },
      { words: 'Here', isNumber: true, text: file => percent(file.haveBytes, file.sizeBytes) },
      ...(view().kind === 'share' ? [] : [{ words: 'Fetch', make: file => priorityField(id, file) }]),
    ],
  })
  return withEmpty(table, {
    load: async options => (await get(`/transfers/${id}/files`, options)).files,
    empty: ['file', 'No files yet', 'They are known once somebody who has them is found.'],
  })
}

function priorityField(id, file) {
  const select = el(
    'select',
    { class: 'small', 'aria-label': `When to fetch ${plain(file.path)}`, on: { change } },
    ...priorities.map(([value, words]) => el('option', { value }, words)),
  )
  let isSending = false
  async function change() {
    isSending = true
    const body = { priorities: [{ number: file.number, priority: Number(select.value) }] }
    await ask('PATCH', `/transfers/${id}`, body).catch(problem)
    isSending = false
  }
  const show = ({ priority }) => {
    if (isSending || document.activeElement === select) return
    select.value = String(priority === 0 ? 0 : priority < 4 ? 1 : priority === 4 ? 4 : 7)
  }
  return { element: select, show }
}

function peersTab({ id }) {
  const table = liveTable({
    caption: 'Peers',
    keyOf: peer => peer.address,
    columns: [
      { words: 'Address', isMain: true, text: peer => plain(peer.address) },
      { words: 'Program', text: peer => plain(peer.client ?? '–') },
      { words: 'Found by', text: peer => sources[peer.source] ?? plain(peer.source) },
      { words: 'Has', isNumber: true, text: peer => percent(peer.progress, 1) },
      { words: 'Receiving', isNumber: true, text: peer => rate(peer.downloadBytesPerSecond) },
      { words: 'Sending', isNumber: true, text: peer => rate(peer.uploadBytesPerSecond) },
    ],
  })
  return withEmpty(table, {
    load: async options => (await get(`/transfers/${id}/peers`, options)).peers,
    empty: [
      'transfers',
      'Nobody is connected',
      'Pass the magnet link on: whoever opens it connects to this box.',
    ],
  })
}

function trackersTab({ id }) {
  const ways = el('p', { class: 'ways soft' })
  const table = liveTable({
    caption: 'Trackers',
    keyOf: tracker => tracker.url,
    columns: [
      { words: 'Address', isMain: true, text: tracker => plain(tracker.url) },
      {
        words: 'Answer',
        text: ({ status, message }) =>
          `${trackerWords[status] ?? plain(status)}${message ? `: ${plain(message)}` : ''}`,
      },
      { words: 'Have it', isNumber: true, text: tracker => String(tracker.seeds ?? '–') },
      { words: 'Fetch it', isNumber: true, text: tracker => String(tracker.leeches ?? '–') },
    ],
  })
  const tab = withEmpty(table, {
    load: async options => {
      const { trackers, dht, lsd, pex } = await get(`/transfers/${id}/channels`, options)
      const words = [
        `DHT: ${dht.on ? `${dht.nodes} nodes answer` : 'off'}`,
        `local network: ${lsd.on ? `${lsd.heard} heard` : 'off'}`,
        `other peers: ${pex.on ? 'on' : 'off'}`,
      ]
      setText(ways, `Other ways to find peers. ${words.join(' · ')}`)
      return trackers
    },
    empty: ['search', 'No trackers', 'Peers are found by the ways below.'],
  })
  tab.element.append(ways)
  return tab
}

function logTab({ id }) {
  const list = el('ol', { class: 'log' })
  let shown
  const show = entries => {
    // Of a long log the first are forgotten: that there are as many as before tells nothing.
    const last = `${entries.length} ${entries.at(-1)?.at} ${entries.at(-1)?.state}`
    if (last === shown) return
    shown = last
    list.replaceChildren(
      ...entries
        .toReversed()
        .map(entry =>
          el('li', {}, el('time', { datetime: entry.at }, when(entry.at)), el('span', {}, logWords(entry))),
        ),
    )
  }
  return withEmpty(
    { element: list, show },
    {
      load: async options => (await get(`/transfers/${id}/log`, options)).entries,
      empty: ['check', 'Nothing to tell', 'Nothing has happened since the box was started.'],
    },
  )
}

function logWords({ what, state, reason }) {
  if (what === 'added') return 'Added'
  if (what === 'done') return 'Everything is here'
  return wordsOf({ state, reason, peers: 1 })
}

function limitsTab({ id, view }) {
  const form = limitsForm({
    view: view(),
    async write(change) {
      await ask('PATCH', `/transfers/${id}`, change)
      notice('Limits saved.')
    },
  })
  return { element: form.element, load: async () => form.show(view()) }
}

/** A part with what stands in its place while it is empty. */
function withEmpty({ element, show }, { load, empty: [iconName, title, text] }) {
  const note = emptyNote(iconName, title, text)
  note.hidden = element.hidden = true
  return {
    element: el('div', {}, element, note),
    async load(options) {
      const items = await load(options)
      element.hidden = items.length === 0
      note.hidden = items.length > 0
      show(items)
    },
  }
}

/** A button that copies a text, and says that it did. */
export function copyButton(words, textOf) {
  const label = el('span', {}, words)
  const onClick = async () => {
    try {
      await navigator.clipboard.writeText(textOf())
      label.textContent = 'Copied'
    } catch {
      // Only a page that came over https, or from this machine, may write there.
      label.textContent = 'Select and copy it'
    }
    setTimeout(() => {
      label.textContent = words
    }, 2_000)
  }
  return el(
    'button',
    { type: 'button', class: 'button', on: { click: () => void onClick() } },
    icon('copy'),
    label,
  )
}
