/**
 * Makes an element. Text is only ever set as text: names in torrents are written by strangers.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} props `on` holds listeners; `true` sets a bare attribute, `false` and `undefined` none
 * @param {...(Node | string | false | undefined)} children
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (name === 'on')
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter(child => child !== undefined && child !== false))
  return element
}

let ids = 0

/** An id that no other element has, for what refers to it. */
export function nextId() {
  ids++
  return `id-${ids}`
}

const svgSpace = 'http://www.w3.org/2000/svg'

/** Makes an element of a drawing. */
export function shape(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** A picture of the page's sheet, to go with words. */
export function icon(name) {
  return shape(
    'svg',
    { class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    shape('use', { href: `#i-${name}` }),
  )
}

/** Shows another picture of the sheet. */
export function changeIcon(svg, name) {
  svg.firstChild.setAttribute('href', `#i-${name}`)
}

/** Sets a text where it is another one: what stays the same costs nothing and keeps what is marked in it. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** A button with a picture and words. */
export function button(iconName, text, onClick, props = {}) {
  return el(
    'button',
    { type: 'button', class: 'button', ...props, on: { click: onClick } },
    icon(iconName),
    el('span', {}, text),
  )
}

/** What stands where nothing is: what is missing, and what to do. */
export function emptyNote(iconName, title, text, ...actions) {
  return el(
    'div',
    { class: 'empty' },
    icon(iconName),
    el('h2', {}, title),
    el('p', {}, text),
    actions.length > 0 && el('div', { class: 'actions' }, ...actions),
  )
}

/** A field with its name, and what there is to know of it. */
export function field(label, control, hint) {
  const named = el('label', { class: 'field' }, el('span', { class: 'label' }, label), control)
  if (hint === undefined) return named
  const id = nextId()
  control.setAttribute('aria-describedby', id)
  return el('div', { class: 'field' }, named, el('span', { class: 'hint', id }, hint))
}
