import { duration, plain } from './format.js'

/** What each state is called, looks like, and belongs to. */
const states = {
  starting: { words: 'Starting', icon: 'clock', tone: 'soft', group: 'fetching' },
  finding: { words: 'Looking for somebody who has it', icon: 'search', tone: 'busy', group: 'fetching' },
  checking: { words: 'Checking files', icon: 'check', tone: 'busy', group: 'fetching' },
  downloading: { words: 'Fetching', icon: 'down', tone: 'busy', group: 'fetching' },
  queued: { words: 'Waiting for its turn', icon: 'clock', tone: 'soft', group: 'fetching' },
  seeding: { words: 'Sharing', icon: 'up', tone: 'good', group: 'sharing' },
  resting: { words: 'Has given enough', icon: 'done', tone: 'good', group: 'sharing' },
  paused: { words: 'Paused', icon: 'pause', tone: 'soft', group: 'paused' },
  missing: { words: 'Files are missing', icon: 'warn', tone: 'warn', group: 'trouble' },
  failed: { words: 'Failed', icon: 'warn', tone: 'bad', group: 'trouble' },
  stopped: { words: 'Stopped', icon: 'close', tone: 'soft', group: 'paused' },
}
const unknown = { words: 'Unknown', icon: 'help', tone: 'soft', group: 'paused' }

/** What transfers are sorted into to look at some of them. */
export const groups = [
  { name: 'all', words: 'All' },
  { name: 'fetching', words: 'Fetching' },
  { name: 'sharing', words: 'Sharing' },
  { name: 'paused', words: 'Paused' },
  { name: 'trouble', words: 'Trouble' },
]

export function groupOf(view) {
  if (isHeldBack(view)) return 'trouble'
  if (view.doneAt && (view.state === 'checking' || view.state === 'queued' || view.state === 'starting'))
    return 'sharing'
  return (states[view.state] ?? unknown).group
}

/** The picture and the colour of a transfer's state. */
export function lookOf(view) {
  return isHeldBack(view) ? { icon: 'warn', tone: 'warn' } : (states[view.state] ?? unknown)
}

/** A transfer's state in plain words, with why where something keeps it. */
export function wordsOf(view) {
  const { words } = states[view.state] ?? unknown
  if (view.reason) return `${words}: ${plain(view.reason)}`
  if (view.state === 'downloading') {
    if (view.etaSeconds !== undefined && view.etaSeconds !== null)
      return `${words}, ${duration(view.etaSeconds)} left`
    if (view.peers === 0) return `${words}: nobody who has it is there now`
  }
  return words
}

export function canPause(view) {
  return view.state !== 'paused' && view.state !== 'failed' && view.state !== 'stopped'
}

/** Paused, but by what it met, not on request. */
function isHeldBack(view) {
  return view.state === 'paused' && Boolean(view.reason)
}
