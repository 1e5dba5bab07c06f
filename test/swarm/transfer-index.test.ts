import test from 'ava'
import { hashesOf, TransferIndex, wireHashesOf } from '../../src/swarm/transfer-index.ts'

const [v1, v2] = ['12'.repeat(20), 'ab'.repeat(32)]

test('a torrent is found by each of its hashes and by the short one of v2, until it is deleted', t => {
  const index = new TransferIndex<object>()
  const one = {}
  index.add(one, { infoHash: v1 })
  t.is(index.get(v2), undefined)
  index.add(one, { infoHash: v1, infoHashV2: v2 })
  for (const hash of [v1, v2, v2.slice(0, 40)]) t.is(index.get(hash), one)
  t.deepEqual(index.values(), [one])
  index.delete(one)
  for (const hash of [v1, v2, v2.slice(0, 40)]) t.is(index.get(hash), undefined)
  t.deepEqual(index.values(), [])
})

test('of two with the same hash the first is found, and stays when the second goes', t => {
  const index = new TransferIndex<string>()
  index.add('one', { infoHash: v1 })
  index.add('other', { infoHashV2: v2 })
  index.add('other', { infoHash: v1, infoHashV2: v2 })
  t.is(index.get(v1), 'one')
  index.delete('other')
  t.is(index.get(v1), 'one')
  t.is(index.get(v2), undefined)
})

test('the digits of a hash tell its kind', t => {
  t.deepEqual(hashesOf(v1), { infoHash: v1 })
  t.deepEqual(hashesOf(v2), { infoHashV2: v2 })
  t.deepEqual(hashesOf(v1, v2), { infoHash: v1, infoHashV2: v2 })
  t.deepEqual(wireHashesOf(hashesOf(v1, v2)), [v1, v2.slice(0, 40)])
  t.deepEqual(wireHashesOf(hashesOf(v2)), [v2.slice(0, 40)])
})
