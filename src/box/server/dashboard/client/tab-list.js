import { el } from './elements.js'

/**
 * Tabs, each made when it is first looked at.
 *
 * @param {{ name: string, words: string, make: () => { element: Node, load: (options: object) => Promise<void> } }[]} tabs
 * @param {() => void} onChange
 */
export function tabList(tabs, onChange) {
  const panel = el('div', { role: 'tabpanel', id: 'tab-panel', class: 'tab-panel', tabindex: '-1' })
  const made = new Map()
  let current = tabs[0]
  const buttons = tabs.map(tab =>
    el(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${tab.name}`,
        'aria-controls': 'tab-panel',
        on: { click: () => choose(tab) },
      },
      tab.words,
    ),
  )
  const list = el(
    'div',
    {
      role: 'tablist',
      class: 'tabs',
      on: {
        keydown: event => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
          if (step === undefined) return
          event.preventDefault()
          const index = (tabs.indexOf(current) + step + tabs.length) % tabs.length
          choose(tabs[index])
          buttons[index].focus()
        },
      },
    },
    ...buttons,
  )

  function part() {
    if (!made.has(current)) made.set(current, current.make())
    return made.get(current)
  }

  function display() {
    for (const [index, tab] of tabs.entries()) {
      const isCurrent = tab === current
      buttons[index].setAttribute('aria-selected', String(isCurrent))
      buttons[index].tabIndex = isCurrent ? 0 : -1
    }
    panel.setAttribute('aria-labelledby', `tab-${current.name}`)
    panel.replaceChildren(part().element)
  }

  function choose(tab) {
    current = tab
    display()
    onChange()
  }

  display()
  return {
    element: el('div', {}, list, panel),
    get current() {
      return part()
    },
  }
}
