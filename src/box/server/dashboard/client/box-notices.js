import { el, icon } from './elements.js'
import { count, plain } from './format.js'

/** What the box says somebody should look after, above the list: it stands there until it is put right. */
export function boxNotices() {
  const element = el('ul', { class: 'box-notices', 'aria-label': 'To look after', hidden: true })
  let shown = '[]'
  return {
    element,
    /** @param {{ message: string, transfers: number }[]} notices */
    show(notices) {
      const text = JSON.stringify(notices)
      if (text === shown) return
      shown = text
      element.hidden = notices.length === 0
      element.replaceChildren(
        ...notices.map(({ message, transfers }) =>
          el(
            'li',
            {},
            icon('warn'),
            el(
              'span',
              {},
              transfers > 0 ? `${count(transfers, 'transfer')}: ${plain(message)}` : plain(message),
            ),
          ),
        ),
      )
    },
  }
}
