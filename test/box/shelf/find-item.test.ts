import test from 'ava'
import { findItem } from '../../../src/box/shelf/find-item.ts'
import type { Hex } from '../../../src/index.ts'
import { makeItem } from '../../kit/box-item.ts'

const hashes = ['1234560000000000000000000000000000000007', 'abcdef0000000000000000000000000000000002']

/** Finds among transfers of these names, numbered from 1. */
function find(reference: string, ...names: readonly string[]): number {
  const items = names.map((name, index) =>
    makeItem({ id: index + 1, name, infoHash: (hashes[index] ?? 'f'.repeat(40)) as Hex }),
  )
  const lookUp = (one: number | string) => items.find(({ id, infoHash }) => id === one || infoHash === one)
  return findItem({ items: () => items, lookUp }, reference).id
}

const none = { code: 'ERR_NO_SUCH_TRANSFER' }

test('a number is never a name, nor the beginning of one or of an info-hash', t => {
  t.is(find('2', '1', '2'), 2)
  t.is(find('1', '2', '1'), 1)
  t.throws(() => find('7', '7 clips'), none)
  t.throws(() => find('7', '7'), { ...none, message: /the one of that name is number 1/ })
  t.throws(() => find('123456', 'zoo'), none)
})

test('what JavaScript takes for a number but nobody writes so is none', t => {
  for (const text of ['1.0', '1e0', '0x1', ' 1', '01', '+1', ''])
    t.throws(() => find(text, 'zoo'), none, text)
})

test('a whole info-hash is never the name of another', t => {
  t.is(find(hashes[1]!.toUpperCase(), 'one', 'two'), 2)
  t.throws(() => find('e'.repeat(40), 'e'.repeat(40)), none)
})

test('a name, and the beginning of an info-hash, are enough where no other is like that', t => {
  t.is(find('zoo', 'one', 'zoo'), 2)
  t.is(find('ABCDEF', 'one', 'two'), 2)
  t.throws(() => find('abcde', 'one', 'two'), none)
  t.throws(() => find('zoo', 'zoo', 'zoo'), { ...none, message: /may be any of 2 transfers/ })
  t.throws(() => find('abcdef', 'abcdef', 'two'), none)
})
