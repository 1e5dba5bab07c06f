import test from 'ava'
import fc from 'fast-check'
import { readXml } from '../../../../src/box/follow/feed/read-xml.ts'
import { P2pShareError } from '../../../../src/core/index.ts'

const refused = { instanceOf: P2pShareError, code: 'ERR_INVALID_FEED' }

test('elements, attributes, text and CDATA are read', t => {
  const root = readXml(
    `\ufeff<?xml version="1.0"?><!DOCTYPE rss><!-- hello --><RSS version='2.0' a = "x &lt; y">
       <Title> Lions &amp; <![CDATA[<b>tigers</b>]]> &#x1F981; </Title><empty/>
     </RSS>`,
  )
  t.is(root.name, 'rss')
  t.deepEqual(
    [...root.attributes],
    [
      ['version', '2.0'],
      ['a', 'x < y'],
    ],
  )
  t.deepEqual(
    root.children.map(({ name, text }) => [name, text]),
    [
      ['title', 'Lions & <b>tigers</b> 🦁'],
      ['empty', ''],
    ],
  )
})

test('what is no entity of XML itself stays as it is written, and what an entity gives is not read again', t => {
  t.is(
    readXml('<a>&nbsp;&amp;lt;&#0;&#xd800;&#x110000;&constructor;</a>').text,
    '&nbsp;&lt;&#0;&#xd800;&#x110000;&constructor;',
  )
})

for (const [what, text] of Object.entries({
  'a bomb of entities': '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>',
  'an entity from a file': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  'a document type that goes on': '<!DOCTYPE a [',
  'elements too deep': '<a>'.repeat(40) + '</a>'.repeat(40),
  'too many elements': `<a>${'<b/>'.repeat(100_001)}</a>`,
  'too many attributes': `<a ${Array.from({ length: 65 }, (_, index) => `x${index}="1"`).join(' ')}/>`,
  'a name too long': `<${'a'.repeat(300)}/>`,
  'an end without a start': '</a>',
  'ends that cross': '<a><b></a></b>',
  'an end that is missing': '<a><b></b>',
  'a tag that is cut off': '<a',
  'a comment that is cut off': '<a><!-- ',
  'an attribute without quotes': '<a b=c/>',
  'two roots': '<a/><b/>',
  'no element': 'hello',
  nothing: '',
}))
  test(`${what} is refused`, t => {
    t.throws(() => readXml(text), refused)
  })

test('a hostile text of five megabytes is read or refused in about the time that it takes to look at it', t => {
  const size = 5_000_000
  for (const part of [
    '<',
    '<a ',
    '<!--',
    '<![CDATA[',
    '&',
    '&#',
    '<a b="',
    "<a b='",
    '</',
    '<?',
    '<!D',
    ' =',
    '<a b',
    'x',
  ])
    for (const start of ['', '<r>']) {
      const startedMs = performance.now()
      try {
        readXml(start + part.repeat(size / part.length))
      } catch (error) {
        t.true(error instanceof P2pShareError)
      }
      t.true(performance.now() - startedMs < 3_000, part)
    }
})

interface Tree {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: readonly Tree[]
}

const name = fc.stringMatching(/^[a-z][a-z0-9:_.-]{0,12}$/)
const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.record({
    name,
    attributes: fc.dictionary(name, fc.string({ unit: 'binary' }), { maxKeys: 4, noNullPrototype: true }),
    text: fc.string({ unit: 'binary' }).map(text => text.trim()),
    children: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
  }),
}))

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`).replaceAll('\r', '&#xd;')

function written({ name, attributes, text, children }: Tree): string {
  const told = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  return `<${name}${told.join('')}>${escaped(text)}${children.map(written).join('\n')}</${name}>`
}

test('what is written as XML is read as it was, whatever it says', t => {
  const asTree = ({ name, attributes, text, children }: ReturnType<typeof readXml>): Tree => ({
    name,
    attributes: Object.fromEntries(attributes),
    text,
    children: children.map(asTree),
  })
  fc.assert(fc.property(tree, given => t.deepEqual(asTree(readXml(written(given))), given)))
})

test('whatever comes is read or refused, never anything else', t => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    'a',
    '=',
    '"',
    "'",
    '&',
    ';',
    '#',
    '!',
    '-',
    '[',
    ']',
    '?',
    'CDATA',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
      try {
        readXml(pieces.join(''))
      } catch (error) {
        t.true(error instanceof P2pShareError)
      }
    }),
  )
})
