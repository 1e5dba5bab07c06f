// Lists what the photos of a folder tell, and shares copies without the place where they were taken.
//
//   node examples/photo-album.ts [folder]
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kindOf, readMedia, Swarm } from 'p2pshare'

const album = process.argv[2] ?? fileURLToPath(new URL('media/album', import.meta.url))

for (const entry of await readdir(album, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const path = join(entry.parentPath, entry.name)
  if ((await kindOf(path)).type !== 'photo') continue
  const { takenAt, camera, width, height, position } = await readMedia(path)
  const facts = [takenAt, camera, width && `${width} × ${height}`, position && 'tells where']
  console.log(`${entry.name}: ${facts.filter(Boolean).join(', ')}`)
}

const home = await mkdtemp(join(tmpdir(), 'p2pshare-example-'))
try {
  await using swarm = await Swarm.start({ home, port: 0, dht: false, lsd: false, nat: false })
  const shared = await swarm.seed(album, { location: 'strip' })
  console.log(shared.magnetLink)
} finally {
  await rm(home, { recursive: true, force: true })
}
