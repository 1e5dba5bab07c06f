import test from 'ava'
import fc from 'fast-check'
import { countToFold } from '../../../src/catalog/snapshot/fold.ts'

const kib = 1024

/** What the files of a catalog come to after additions, and how many bytes were written for all of them. */
function grow(additions: readonly number[]): {
  sizes: number[]
  writtenBytes: number
  largestUpdate: number
} {
  let sizes: number[] = []
  let writtenBytes = 0
  let largestUpdate = 0
  for (const added of additions) {
    const folded = countToFold(sizes, added)
    const anew = added + sizes.slice(sizes.length - folded).reduce((sum, size) => sum + size, 0)
    sizes = [...sizes.slice(0, sizes.length - folded), anew]
    writtenBytes += anew
    largestUpdate = Math.max(largestUpdate, anew)
  }
  return { sizes, writtenBytes, largestUpdate }
}

test('a first addition folds nothing', t => {
  t.is(countToFold([], 1000), 0)
})

test('a small addition stands beside few others, and is folded with them once there are eight', t => {
  t.is(countToFold([900 * kib, 10 * kib, 10 * kib], 10 * kib), 0)
  t.is(countToFold([900 * kib, ...Array(8).fill(kib)], kib), 8)
})

test('a large addition takes the smaller ones in front of it along, so that large files come first', t => {
  t.is(countToFold([900 * kib, 100 * kib, 10 * kib], 600 * kib), 2)
})

test('ten thousand small additions leave few files, and write each byte a few times', t => {
  const additions = Array<number>(10_000).fill(900)
  const { sizes, writtenBytes } = grow(additions)
  t.true(sizes.length < 45, String(sizes.length))
  t.true(writtenBytes < 10 * 900 * 10_000, String(writtenBytes / 900 / 10_000))
})

test('an addition of ten listings to a large catalog writes at most 128 KiB more than itself, but for one in a hundred', t => {
  const additions = Array<number>(500).fill(10 * 900)
  let sizes = Array<number>(60).fill(1024 * kib)
  let large = 0
  for (const added of additions) {
    const folded = countToFold(sizes, added)
    const anew = added + sizes.slice(sizes.length - folded).reduce((sum, size) => sum + size, 0)
    if (anew > added + 128 * kib) large++
    sizes = [...sizes.slice(0, sizes.length - folded), anew]
  }
  t.true(large <= 5, String(large))
})

test('what grows large by the small files that it takes comes behind no middling one', t => {
  const { sizes } = grow([300 * kib, 30 * kib, 30 * kib, 500 * kib])
  t.deepEqual(sizes, [860 * kib])
})

test('whatever is added, no byte is lost and the files stay in the order large, middling, small', t => {
  const sizeOf = (bytes: number) => (bytes < 64 * kib ? 0 : bytes < 512 * kib ? 1 : 2)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2_000_000 }), { maxLength: 200 }), additions => {
      const { sizes } = grow(additions)
      t.is(
        sizes.reduce((sum, size) => sum + size, 0),
        additions.reduce((sum, size) => sum + size, 0),
      )
      const classes = sizes.map(sizeOf)
      t.deepEqual(
        classes,
        classes.toSorted((a, b) => b - a),
      )
    }),
  )
})
