import { groupOf } from './states.js'

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const byNumber = read => (one, other) => read(one) - read(other)

/** What a list can be sorted by. `changes` says whether it moves by itself; `down` begins with the greatest. */
export const orders = {
  added: { words: 'Added', down: true, changes: false, compare: byNumber(view => view.id) },
  name: {
    words: 'Name',
    down: false,
    changes: false,
    compare: (one, other) => collator.compare(one.name, other.name),
  },
  progress: { words: 'Progress', down: true, changes: true, compare: byNumber(shareOf) },
  size: { words: 'Size', down: true, changes: false, compare: byNumber(view => view.sizeBytes) },
  down: {
    words: 'Receiving',
    down: true,
    changes: true,
    compare: byNumber(view => view.downloadBytesPerSecond),
  },
  up: { words: 'Sending', down: true, changes: true, compare: byNumber(view => view.uploadBytesPerSecond) },
  peers: { words: 'Peers', down: true, changes: true, compare: byNumber(view => view.peers) },
  ratio: { words: 'Ratio', down: true, changes: true, compare: byNumber(view => view.ratio) },
}

export function shareOf(view) {
  return view.sizeBytes > 0 ? view.haveBytes / view.sizeBytes : 0
}

/**
 * The transfers that are asked for, in order.
 *
 * @param {{ group: string, label: string, text: string, order: string, isDown: boolean }} wanted of all labels where it is empty
 */
export function pick(views, { group, label, text, order, isDown }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const picked = []
  for (const view of views) {
    if (group !== 'all' && groupOf(view) !== group) continue
    if (label !== '' && !view.labels.includes(label)) continue
    if (words.length > 0 && !matches(view, words)) continue
    picked.push(view)
  }
  const { compare } = orders[order] ?? orders.added
  const sign = isDown ? -1 : 1
  return picked.sort((one, other) => sign * compare(one, other) || other.id - one.id)
}

export function countGroups(views) {
  const counts = { all: 0, fetching: 0, sharing: 0, paused: 0, trouble: 0 }
  for (const view of views) {
    counts.all++
    counts[groupOf(view)]++
  }
  return counts
}

function matches(view, words) {
  const text = `${view.name} ${view.labels.join(' ')} ${view.infoHash}`.toLowerCase()
  return words.every(word => text.includes(word))
}
