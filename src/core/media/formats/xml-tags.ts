/** One tag of an XML text, by positions in it. Attribute spans begin at the space before the name. */
export interface XmlTag {
  readonly kind: 'open' | 'close' | 'empty'
  /** Without its namespace prefix. */
  readonly name: string
  readonly start: number
  readonly end: number
  readonly attributes: readonly {
    readonly name: string
    readonly value: string
    readonly start: number
    readonly end: number
  }[]
}

const tagName = /<(\/?)([^\s/>=<"']+)/y
const attribute = /\s+([^\s=<>/"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const tagEnd = /\s*(\/?)>/y

/**
 * The tags of an XML text one after another, without comments, CDATA and processing instructions. Declares itself
 * `broken` by returning false; true where the text was understood to its end.
 */
export function* xmlTags(text: string): Generator<XmlTag, boolean> {
  let at = 0
  for (;;) {
    const start = text.indexOf('<', at)
    if (start < 0) return true
    const skipped = skipAside(text, start)
    if (skipped !== undefined) {
      if (skipped < 0) return false
      at = skipped
      continue
    }
    tagName.lastIndex = start
    const opening = tagName.exec(text)
    if (!opening) return false
    let end = tagName.lastIndex
    const attributes: XmlTag['attributes'][number][] = []
    for (;;) {
      attribute.lastIndex = end
      const match = attribute.exec(text)
      if (!match) break
      const from = end
      end = attribute.lastIndex
      attributes.push({ name: localName(match[1]!), value: match[2] ?? match[3]!, start: from, end })
    }
    tagEnd.lastIndex = end
    const closing = tagEnd.exec(text)
    if (!closing) return false
    end = tagEnd.lastIndex
    const kind = opening[1] ? 'close' : closing[1] ? 'empty' : 'open'
    yield { kind, name: localName(opening[2]!), start, end, attributes }
    at = end
  }
}

/** Where a comment, CDATA section or processing instruction ends; -1 where it does not, or is a document type. */
function skipAside(text: string, start: number): number | undefined {
  for (const [open, close] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (!text.startsWith(open, start)) continue
    const end = text.indexOf(close, start + open.length)
    return end < 0 ? -1 : end + close.length
  }
  return text.startsWith('<!', start) ? -1 : undefined
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}
