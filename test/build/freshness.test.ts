import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { isBuildFresh } from '../../build/freshness.ts'
import type { Owner } from '../kit/owner.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

test('a build with a file for each source is fresh, declarations aside', async t => {
  t.true(isBuildFresh(await checkout(t)))
})

const staleWays: Record<string, (root: string) => Promise<void>> = {
  'a build is stale once a source has changed': root => write(root, 'src/core/a.ts', 300),
  'a build is stale once there is a new source': root => write(root, 'src/core/new.ts', 100),
  'a build is stale while it has what a removed source left': root => rm(join(root, 'src/core/a.ts')),
  'a build is stale once a file that is served as it stands has changed': root =>
    write(root, 'src/box/page.css', 300),
  'a build is stale once other rules of compiling hold': root => write(root, 'tsconfig.json', 300),
  'a build is stale where it is not there': root => rm(join(root, 'dist'), { recursive: true }),
}

for (const [sentence, spoil] of Object.entries(staleWays))
  test(sentence, async t => {
    const root = await checkout(t)
    await spoil(root)
    t.false(isBuildFresh(root))
  })

async function checkout(t: Owner): Promise<string> {
  const root = await temporaryFolder(t)
  for (const path of [
    'tsconfig.json',
    'package-lock.json',
    'src/core/a.ts',
    'src/box/page.css',
    'src/types/b.d.ts',
  ])
    await write(root, path, 100)
  for (const path of ['dist/core/a.js', 'dist/core/a.d.ts', 'dist/box/page.css']) await write(root, path, 200)
  return root
}

/** An empty file, last changed so many seconds after 1970. */
async function write(root: string, path: string, changed: number): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), '')
  await utimes(join(root, path), changed, changed)
}
