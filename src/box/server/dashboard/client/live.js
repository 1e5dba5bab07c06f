import { getIfThere } from './api.js'

const firstWaitMs = 1_000
const longestWaitMs = 15_000
/** A box says something every two seconds: one that is silent for longer is gone, though the connection may not know yet. */
const silentMs = 15_000
/** A page that nobody looks at leaves the box alone: a browser has few connections for all its tabs together. */
const hiddenMs = 60_000

/**
 * Hears what happens in the box, for as long as the page is open.
 *
 * @param {{ on: Record<string, (data: object) => void>, onAway: (isAway: boolean) => void }} init
 */
export function listenToBox({ on, onAway }) {
  let waitMs = firstWaitMs
  let source
  /** Until the box is taken for gone; while it is, until it is asked again. */
  let timer
  let hiding
  let isResting = false

  const stop = () => {
    clearTimeout(timer)
    source?.close()
  }
  const hear = () => {
    onAway(false)
    clearTimeout(timer)
    timer = setTimeout(giveUp, silentMs)
  }
  const open = () => {
    stop()
    source = new EventSource('/api/v1/events')
    for (const [name, take] of Object.entries(on))
      source.addEventListener(name, event => {
        waitMs = firstWaitMs
        hear()
        take(JSON.parse(event.data))
      })
    source.addEventListener('open', hear)
    // The browser tries again by itself, but at its own pace, and not at all once an error was answered.
    source.addEventListener('error', giveUp)
    timer = setTimeout(giveUp, silentMs)
  }
  function giveUp() {
    stop()
    onAway(true)
    timer = setTimeout(() => void reopen(), waitMs * (0.8 + Math.random() * 0.4))
    waitMs = Math.min(waitMs * 2, longestWaitMs)
  }
  const reopen = async () => {
    // An event source does not say why it failed; where it was for want of a token, this goes and asks for it.
    await getIfThere('/status', { signal: AbortSignal.timeout(silentMs) }).catch(() => undefined)
    if (!isResting) open()
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding)
    if (document.hidden)
      hiding = setTimeout(() => {
        isResting = true
        stop()
      }, hiddenMs)
    else if (isResting) {
      isResting = false
      open()
    }
  })
  open()
}
