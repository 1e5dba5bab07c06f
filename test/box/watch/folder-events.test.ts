import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

test('a folder that is deleted or moved away and made anew is watched anew, and those below it', async t => {
  const { root, shelf } = await startWatching(t)
  const album = join(root, 'zoo')
  const holds = (count: number) =>
    waitUntil(`the album has ${count} files`, () => {
      const [item, ...others] = shelf.items()
      const files = item?.transfer?.metainfo?.files.filter(({ isPad }) => !isPad)
      return others.length === 0 && files?.length === count
    })
  await writeSampleFile(join(album, 'day 1/a.jpg'), 20_000)
  await holds(1)
  await rm(album, { recursive: true })
  await writeSampleFile(join(album, 'day 1/b.jpg'), 20_000)
  await writeSampleFile(join(album, 'day 1/c.jpg'), 20_000)
  await holds(2)
  await writeSampleFile(join(album, 'day 1/d.jpg'), 20_000)
  await holds(3)
  await rename(album, join(root, '.away'))
  await mkdir(album)
  for (const name of ['e', 'f', 'g', 'h']) await writeSampleFile(join(album, `day 1/${name}.jpg`), 20_000)
  await holds(4)
  await writeSampleFile(join(album, 'day 1/i.jpg'), 20_000)
  await holds(5)
  await rm(join(album, 'day 1'), { recursive: true })
  await writeSampleFile(join(album, 'day 1/deep/j.jpg'), 20_000)
  await holds(1)
  await writeSampleFile(join(album, 'day 1/deep/k.jpg'), 20_000)
  await holds(2)
  t.is(shelf.items().length, 1)
})
