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
