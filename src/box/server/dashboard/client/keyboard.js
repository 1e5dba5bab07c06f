import { singleKeysWork } from './single-keys.js'

/**
 * Passes keys on to the view that is shown, and to what is everywhere.
 *
 * @param {{ current: () => { keys?: Record<string, (event: KeyboardEvent) => void> }, everywhere?: Record<string, () => void> }} init
 */
export function listenToKeys({ current, everywhere = {} }) {
  addEventListener('keydown', event => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return
    const isTyping = event.target.matches('input:not([type=checkbox]), textarea, select')
    if (isTyping) {
      if (event.key === 'Escape') {
        // What was looked for stays.
        event.preventDefault()
        event.target.blur()
      }
      return
    }
    if (event.altKey) return
    const hasModifier = event.ctrlKey || event.metaKey
    if (event.key.length === 1 && !hasModifier && !singleKeysWork()) return
    const name = hasModifier ? `mod+${event.key}` : event.key
    const act = current()?.keys?.[name] ?? everywhere[name]
    if (!act) return
    event.preventDefault()
    act(event)
  })
}
