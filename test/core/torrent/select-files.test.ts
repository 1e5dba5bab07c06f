import test from 'ava'
import fc from 'fast-check'
import { listFiles, P2pShareError, selectFiles, type TorrentFile } from '../../../src/core/index.ts'

const file = (path: string, more: Partial<TorrentFile> = {}): TorrentFile => ({
  path,
  sizeBytes: 1,
  offset: 0,
  isPad: false,
  isLink: false,
  ...more,
})

const trip = [
  file('Trip/Day 1/Lion.JPG'),
  file('Trip/.pad/16383', { isPad: true }),
  file('Trip/Day 1/roar.mp4'),
  file('Trip/Day 2/zebra (1).jpg'),
  file('Trip/Day 2/link.jpg', { isLink: true }),
  file('Trip/notes.txt'),
]

const chosen = (...expressions: (number | string)[]) =>
  [...selectFiles(trip, expressions)].sort((a, b) => a - b).map(index => trip[index]?.path.split('/').at(-1))

test('files are numbered from 1, without pads and links', t => {
  t.deepEqual(
    listFiles(trip).map(({ number, index }) => [number, index]),
    [
      [1, 0],
      [2, 2],
      [3, 3],
      [4, 5],
    ],
  )
})

test('numbers, ranges and lists choose by those numbers', t => {
  t.deepEqual(chosen(2), ['roar.mp4'])
  t.deepEqual(chosen('2-3'), ['roar.mp4', 'zebra (1).jpg'])
  t.deepEqual(chosen('3-'), ['zebra (1).jpg', 'notes.txt'])
  t.deepEqual(chosen('-2'), ['Lion.JPG', 'roar.mp4'])
  t.deepEqual(chosen('1, 4'), ['Lion.JPG', 'notes.txt'])
  t.deepEqual(chosen('1-2,2-3', 3), ['Lion.JPG', 'roar.mp4', 'zebra (1).jpg'])
})

test('globs match names, paths in the album and whole paths, whatever the case', t => {
  t.deepEqual(chosen('*.jpg'), ['Lion.JPG', 'zebra (1).jpg'])
  t.deepEqual(chosen('day 1/**'), ['Lion.JPG', 'roar.mp4'])
  t.deepEqual(chosen('Trip/Day 2/*'), ['zebra (1).jpg'])
  t.deepEqual(chosen('*.{mp4,txt}'), ['roar.mp4', 'notes.txt'])
})

test('a name that holds signs of globs is found as it is written', t => {
  t.deepEqual(chosen('zebra (1).jpg'), ['zebra (1).jpg'])
})

test('a glob after ! takes files away, from all where it comes first', t => {
  t.deepEqual(chosen('*.jpg', '!zebra*'), ['Lion.JPG'])
  t.deepEqual(chosen('!*.jpg'), ['roar.mp4', 'notes.txt'])
})

for (const expression of ['5', '3-9', '9-', '*.png', '!*.png', 'Day 3/**'])
  test(`${expression} is refused, because the torrent holds no such file`, t => {
    const error = t.throws(() => selectFiles(trip, [expression]), {
      instanceOf: P2pShareError,
      code: 'ERR_NO_SUCH_FILE',
    })
    t.true(error.message.includes(expression))
  })

for (const expression of ['0', '3-2', '!', '', '0-2'])
  test(`"${expression}" cannot be read as a choice`, t => {
    t.throws(() => selectFiles(trip, [expression]), {
      instanceOf: P2pShareError,
      code: 'ERR_INVALID_ARGUMENT',
    })
  })

test('every range within bounds chooses its numbers', t => {
  const files = Array.from({ length: 50 }, (_, index) => file(`album/${index}.jpg`))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (one, other) => {
      const [first, last] = [Math.min(one, other), Math.max(one, other)]
      const indexes = [...selectFiles(files, [`${first}-${last}`])]
      t.deepEqual(
        indexes,
        Array.from({ length: last - first + 1 }, (_, step) => first - 1 + step),
      )
    }),
  )
})

test('whatever is written, real files are chosen or a typed error is thrown', t => {
  const expression = fc.oneof(fc.string(), fc.stringMatching(/^[-\d,! *.()[\]{}a-z/]{0,20}$/), fc.integer())
  fc.assert(
    fc.property(fc.array(expression, { maxLength: 4 }), expressions => {
      try {
        return [...selectFiles(trip, expressions)].every(index => trip[index] && !trip[index].isPad)
      } catch (error) {
        return error instanceof P2pShareError
      }
    }),
  )
  t.pass()
})
