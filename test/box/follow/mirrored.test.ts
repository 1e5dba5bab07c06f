import test from 'ava'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { Mirrored } from '../../../src/box/follow/mirrored.ts'

test('no more is remembered than so many: what was turned away goes first, what a person took out last', async t => {
  const database = await openBoxDatabase(':memory:')
  t.teardown(() => database.destroy())
  const mirrored = await Mirrored.open(database, 3)
  await mirrored.note('a1', { isRemoved: true })
  await mirrored.note('b2', { isAdmitted: true })
  await mirrored.note('c3', { sizeBytes: 1 })
  const known = async () => {
    const again = await Mirrored.open(database, 3)
    return ['a1', 'b2', 'c3', 'd4', 'e5'].filter(hash => mirrored.get(hash) && again.get(hash))
  }
  await mirrored.note('d4', { isAdmitted: true })
  t.deepEqual(await known(), ['a1', 'b2', 'd4'])
  await mirrored.note('e5', {})
  t.deepEqual(await known(), ['a1', 'd4', 'e5'])
})
