import { P2pShareError } from '../../../core/index.ts'

export interface XmlElement {
  /** With its prefix, in lower case. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Directly within it, CDATA too, white space around it left out. */
  readonly text: string
}

const maxDepth = 32
const maxElements = 100_000
const maxAttributes = 64
const maxNameLength = 200

interface Open {
  readonly name: string
  readonly attributes: Map<string, string>
  readonly children: XmlElement[]
  readonly text: string[]
}

const startName = /<([^\s/>"'=<]{1,200})/y
const attribute = /\s+([^\s/>"'=<]{1,200})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const startEnd = /\s*(\/?)>/y
const endTag = /<\/([^\s>]{1,200})\s*>/y
const reference = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Reads a document of XML. A document type that declares anything is refused, so that there are no entities but the five of XML
 * itself; what else looks like one stays as it is written.
 *
 * @throws {P2pShareError} `ERR_INVALID_FEED` where it is not well-formed, deeper than 32 or of more than 100,000 elements
 */
export function readXml(text: string): XmlElement {
  const stack: Open[] = []
  let root: XmlElement | undefined
  let count = 0
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    const open = stack.at(-1)
    const tag = text.indexOf('<', at)
    const until = tag < 0 ? text.length : tag
    if (until > at) open?.text.push(decoded(text.slice(at, until)))
    if (tag < 0) break
    if (text.startsWith('<!--', tag)) at = after(text, '-->', tag + 4)
    else if (text.startsWith('<![CDATA[', tag)) {
      at = after(text, ']]>', tag + 9)
      open?.text.push(text.slice(tag + 9, at - 3))
    } else if (text.startsWith('<?', tag)) at = after(text, '?>', tag + 2)
    else if (text.startsWith('<!', tag)) at = afterDoctype(text, tag)
    else if (text.startsWith('</', tag)) {
      const name = matchAt(endTag, text, tag)?.[1]?.toLowerCase()
      if (!open || open.name !== name) throw invalid(`</${name ?? ''}> ends nothing`)
      stack.pop()
      const parent = stack.at(-1)
      const element = closed(open)
      if (parent) parent.children.push(element)
      else root = element
      at = endTag.lastIndex
    } else {
      if (root) throw invalid('it has more than one root')
      if (++count > maxElements) throw invalid(`it has more than ${maxElements} elements`)
      if (stack.length >= maxDepth) throw invalid(`its elements lie more than ${maxDepth} deep`)
      const started = readStart(text, tag)
      at = started.end
      stack.push(started.open)
      if (!started.isEmpty) continue
      stack.pop()
      const parent = stack.at(-1)
      if (parent) parent.children.push(closed(started.open))
      else root = closed(started.open)
    }
  }
  if (root && stack.length === 0) return root
  throw invalid(stack.length > 0 ? `<${stack.at(-1)!.name}> is never ended` : 'there is no element in it')
}

function readStart(text: string, at: number): { open: Open; isEmpty: boolean; end: number } {
  const name = matchAt(startName, text, at)?.[1]
  if (name === undefined) throw invalid('a < begins no tag')
  const attributes = new Map<string, string>()
  let end = startName.lastIndex
  for (;;) {
    const found = matchAt(attribute, text, end)
    if (!found) break
    if (attributes.size >= maxAttributes) throw invalid(`<${name}> has more than ${maxAttributes} attributes`)
    attributes.set(found[1]!.toLowerCase(), decoded(found[2] ?? found[3]!))
    end = attribute.lastIndex
  }
  const closing = matchAt(startEnd, text, end)
  if (!closing) throw invalid(`<${name}> is no whole tag`)
  const open = { name: name.toLowerCase(), attributes, children: [], text: [] }
  return { open, isEmpty: closing[1] === '/', end: startEnd.lastIndex }
}

function closed({ name, attributes, children, text }: Open): XmlElement {
  return { name, attributes, children, text: text.join('').trim() }
}

/** Nothing that it finds is looked at again, so that nothing grows. */
function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()]!
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return isCharacter ? String.fromCodePoint(code) : whole
  })
}

function afterDoctype(text: string, at: number): number {
  const end = after(text, '>', at)
  if (text.slice(at, end).includes('[')) throw invalid('its document type declares entities')
  return end
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  if (found < 0) throw invalid(`a ${mark} is missing`)
  return found + mark.length
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function invalid(why: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_FEED', `This is no feed: ${why.slice(0, maxNameLength)}`)
}
