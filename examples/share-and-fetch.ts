// Two swarms in one process: one shares a clip, the other fetches it by its magnet link and shares it on.
//
//   node examples/share-and-fetch.ts [file or folder]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Swarm } from 'p2pshare'

const what = process.argv[2] ?? fileURLToPath(new URL('media/zoo.avi', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'p2pshare-example-'))

try {
  // Everything that would look for peers elsewhere is off, because the other one is right here.
  const alone = { port: 0, dht: false, lsd: false, nat: false }
  await using maker = await Swarm.start({ ...alone, home: join(folder, 'maker') })
  await using viewer = await Swarm.start({ ...alone, home: join(folder, 'viewer') })

  const clip = await maker.seed(what, {
    onProgress: ({ hashedBytes, totalBytes }) =>
      console.error(`hashed ${hashedBytes} of ${totalBytes} bytes`),
  })
  console.log(clip.magnetLink)

  const copy = await viewer.get(clip.magnetLink, {
    out: join(folder, 'films'),
    peers: [`127.0.0.1:${maker.port}`],
  })
  copy.on('progress', ({ haveBytes, sizeBytes }) =>
    console.error(`fetched ${haveBytes} of ${sizeBytes} bytes`),
  )
  await copy.finished({ signal: AbortSignal.timeout(30_000) })
  console.log(`${copy.name} is here and ${copy.state}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
