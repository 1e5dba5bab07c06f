import { sep } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { P2pShareError } from '../../src/core/errors.ts'
import { cleanPath, joinInside } from '../../src/core/safe-path.ts'
import { uniquePaths } from '../../src/core/unique-paths.ts'
import { untrustedPath } from '../kit/untrusted-name.ts'

test('Files that would become one are numbered before their extension', t => {
  t.deepEqual(
    uniquePaths([
      ['foo', 'bar.txt'],
      ['foo', 'bar.txt'],
      ['foo', 'bar.txt'],
    ]),
    ['foo/bar.txt', 'foo/bar.1.txt', 'foo/bar.2.txt'],
  )
  t.deepEqual(uniquePaths([['a.jpg'], ['A.JPG'], ['é'], ['e\u0301'], ['straße'], ['STRASSE']]), [
    'a.jpg',
    'A.1.JPG',
    'é',
    'e\u0301.1',
    'straße',
    'STRASSE.1',
  ])
  t.deepEqual(
    uniquePaths([
      ['x', 'a?'],
      ['X', 'a*'],
    ]),
    ['x/a_', 'X/a_.1'],
  )
})

test('A number that is taken is passed over, whoever comes first', t => {
  t.deepEqual(uniquePaths([['a.1.txt'], ['a.txt'], ['a.txt']]), ['a.1.txt', 'a.txt', 'a.2.txt'])
  t.deepEqual(uniquePaths([['a.txt'], ['a.txt'], ['a.1.txt']]), ['a.txt', 'a.1.txt', 'a.1.1.txt'])
})

test('A file never takes the name of a folder', t => {
  t.deepEqual(uniquePaths([['a'], ['a', 'b'], ['A', 'b', 'c']]), ['a.1', 'a/b.1', 'A/b/c'])
})

test('Names that only differ in what was cut off are told apart within 255 bytes', t => {
  const paths = uniquePaths(Array.from({ length: 90 }, (_, index) => ['x'.repeat(255) + index]))
  t.is(new Set(paths).size, 90)
  for (const path of paths) t.true(Buffer.byteLength(path) <= 255)
})

test('More than a hundred files of one name are refused', t => {
  const named = (count: number) => Array.from({ length: count }, () => ['foo', 'bar.txt'])
  t.is(new Set(uniquePaths(named(101))).size, 101)
  t.throws(() => uniquePaths(named(102)), { instanceOf: P2pShareError, code: 'ERR_INVALID_TORRENT' })
})

test('Whatever paths are asked for, they come out inside the root, unique on every file system, and as they are', t => {
  const root = `${sep}srv${sep}films`
  fc.assert(
    fc.property(fc.array(untrustedPath, { maxLength: 12 }), paths => {
      const unique = uniquePaths(paths)
      const folded = unique.map(path => path.normalize('NFC').toLowerCase())
      t.is(new Set(folded).size, paths.length)
      for (const path of unique) {
        t.true(joinInside(root, path).startsWith(root + sep))
        t.deepEqual(cleanPath(path.split('/')), path.split('/'))
        for (const other of folded) t.false(other.startsWith(`${path.normalize('NFC').toLowerCase()}/`))
      }
      t.deepEqual(uniquePaths(unique.map(path => path.split('/'))), unique)
    }),
  )
})

test('A hundred thousand hostile paths are made unique without delay', t => {
  const started = performance.now()
  const paths = Array.from({ length: 100_000 }, (_, index) => [
    'top',
    `d${index % 7}`,
    `n${index >> 6}`,
    'İmg.jpg',
  ])
  t.is(new Set(uniquePaths(paths)).size, paths.length)
  t.true(performance.now() - started < 10_000, `took ${performance.now() - started} ms`)
})
