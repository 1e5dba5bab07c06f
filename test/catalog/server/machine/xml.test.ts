import test from 'ava'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { element, xmlDocument } from '../../../../src/catalog/server/machine/xml.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  trimValues: false,
  parseTagValue: false,
  htmlEntities: true,
})

test('What is not there is left out, and what is empty closes itself', t => {
  t.is(element('a', { b: undefined, c: 0 }, undefined, []).text, '<a c="0"/>')
  t.is(element('a', {}, 'x', element('b', {}), [1, undefined]).text, '<a>x<b/>1</a>')
})

test('Text that looks like markup stays text', t => {
  const hostile = `]]><script>alert("x")</script><!-- & 'y' -->`
  const { text } = element('a', { b: hostile }, hostile)
  t.is(XMLValidator.validate(xmlDocument(element('r', {}, element('a', { b: hostile }, hostile)))), true)
  const { a } = parser.parse(text)
  t.deepEqual([a['@_b'], a['#text']], [hostile, hostile])
})

test('Characters that XML 1.0 forbids are replaced, in text and in attributes', t => {
  const forbidden = 'a\u0000\u0008\u000b\u001b\u001f\ufffe\uffff\ud800\udc00x\udfffb\ud83d\ude00'
  const { text } = element('a', { b: forbidden }, forbidden)
  t.false(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
  t.true(text.isWellFormed())
  t.true(text.includes('a\ufffd\ufffd\ufffd'))
  t.true(text.endsWith('b\u{1f600}</a>'))
})

test('Whatever a text is, it comes out of a parser as it went in, but for what XML cannot hold', t => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('<', '>', '&', ']]>', '"', "'", '\t', '\n', '\r', '&#0;', '<!', '\ud800', 'a'),
    }),
  )
  fc.assert(
    fc.property(texts, text => {
      const kept = text
        .toWellFormed()
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      const xml = xmlDocument(element('r', {}, element('a', { b: text }, 'x', text)))
      t.is(XMLValidator.validate(xml), true)
      const { a } = parser.parse(xml).r
      t.is(typeof a === 'string' ? a : a['#text'], `x${kept}`)
      if (kept !== '') t.is(a['@_b'], kept)
    }),
    { numRuns: 500 },
  )
})
