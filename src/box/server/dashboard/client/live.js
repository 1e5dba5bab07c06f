import { getIfThere } from './api.js'

const firstWaitMs = 1_000
const longestWaitMs = 15_000
/** A box says something every two seconds: one that is silent for longer is gone, though the connection may not know yet. */
const silentMs = 15_000

/**
 * Hears what happens in the box, for as long as the page is open.
 *
 * @param {{ on: Record<string, (data: object) => void>, onAway: (isAway: boolean) => void }} init
 */
export function listenToBox({ on, onAway }) {
  let waitMs = firstWaitMs

  const open = () => {
    const source = new EventSource('/api/v1/events')
    let silence
    const giveUp = () => {
      clearTimeout(silence)
      onAway(true)
      // The browser tries again by itself, but at its own pace, and not at all once an error was answered.
      source.close()
      setTimeout(() => void reopen(), waitMs * (0.8 + Math.random() * 0.4))
      waitMs = Math.min(waitMs * 2, longestWaitMs)
    }
    const hear = () => {
      onAway(false)
      clearTimeout(silence)
      silence = setTimeout(giveUp, silentMs)
    }
    for (const [name, take] of Object.entries(on))
      source.addEventListener(name, event => {
        waitMs = firstWaitMs
        hear()
        take(JSON.parse(event.data))
      })
    source.addEventListener('open', hear)
    source.addEventListener('error', giveUp)
  }

  const reopen = async () => {
    // An event source does not say why it failed; where it was for want of a token, this goes and asks for it.
    await getIfThere('/status').catch(() => undefined)
    open()
  }

  open()
}
