import test from 'ava'
import fc from 'fast-check'
import { displayWidth, fitWidth } from '../../src/cli/display-width.ts'

const widths: Record<string, number> = {
  'zoo.avi': 7,
  Löwe: 4,
  'Lo\u0308we': 4,
  '日本.jpg': 8,
  '🦁': 2,
  '👨‍👩‍👧': 2,
  '': 0,
}

for (const [text, width] of Object.entries(widths))
  test(`"${text}" takes ${width} columns`, t => {
    t.is(displayWidth(text), width)
  })

test('a line that fits stays as it is, a longer one ends in an ellipsis', t => {
  t.is(fitWidth('zoo.avi', 7), 'zoo.avi')
  t.is(fitWidth('zoo.avi', 6), 'zoo.a…')
  t.is(fitWidth('日本.jpg', 4), '日…')
})

test('a fitted line never takes more columns than there are', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) =>
      t.true(displayWidth(fitWidth(text, columns)) <= columns),
    ),
  )
})
