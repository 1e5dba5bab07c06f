/** A piece of XML that is safe to put into a document as it is. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Attributes = Readonly<Record<string, string | number | undefined>>
type Child = string | number | Markup | undefined | readonly Child[]

/**
 * An element; text within it and in its attributes is escaped. Attributes and children that are `undefined` are left out.
 *
 * @example
 * element('title', {}, 'Lions & tigers').text // '<title>Lions &amp; tigers</title>'
 */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  let tag = `<${name}`
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) tag += ` ${key}="${escaped(String(value))}"`
  const inner = children.map(markupOf).join('')
  return new Markup(inner === '' ? `${tag}/>` : `${tag}>${inner}</${name}>`)
}

/** A whole document. */
export function xmlDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.text}\n`
}

function markupOf(child: Child): string {
  if (child === undefined) return ''
  if (child instanceof Markup) return child.text
  return typeof child === 'object' ? child.map(markupOf).join('') : escaped(String(child))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Characters that XML 1.0 allows in no form, lone surrogates too, become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\t\n\r]/g, character => entities[character]!)
}
