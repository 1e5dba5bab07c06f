import { el, icon } from './elements.js'
import { count, plain } from './format.js'
import { tell } from './notices.js'

/** What the box says somebody should look after, above the list: it stands there until it is put right. */
export function boxNotices() {
  const element = el('ul', { class: 'box-notices', 'aria-label': 'To look after', hidden: true })
  let shown = []
  return {
    element,
    /** @param {{ message: string, transfers: number }[]} notices */
    show(notices) {
      const texts = notices.map(wordsOf)
      if (JSON.stringify(texts) === JSON.stringify(shown)) return
      const fresh = texts.filter(text => !shown.includes(text))
      shown = texts
      element.hidden = texts.length === 0
      element.replaceChildren(...texts.map(text => el('li', {}, icon('warn'), el('span', {}, text))))
      if (fresh.length > 0) tell(fresh.join('. '))
    },
  }
}

function wordsOf({ message, transfers }) {
  return transfers > 0 ? `${count(transfers, 'transfer')}: ${plain(message)}` : plain(message)
}
