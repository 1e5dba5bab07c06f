// A seed box in this process, and a program that steers it through its API: it shares a clip, tells how far that is, and listens to
// what happens. A box that runs elsewhere on this machine is found with BoxClient.find().
//
//   node examples/seed-box.ts [file or folder]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Box, BoxClient } from 'p2pshare'

const what = process.argv[2] ?? fileURLToPath(new URL('media/zoo.avi', import.meta.url))
const home = await mkdtemp(join(tmpdir(), 'p2pshare-example-'))

try {
  await using box = await Box.start({
    home,
    // Any free port; and nobody has to be found for an example.
    listen: { host: '127.0.0.1', port: 0 },
    network: { port: 0, dht: false, lsd: false, pex: false, nat: false },
  })
  console.log(`its pages are at ${box.url}`)

  const client = new BoxClient(box.url, box.token.value)
  const shared = await client.share(
    { paths: [resolve(what)], labels: ['example'] },
    {
      onProgress: ({ doneBytes, totalBytes }) => console.error(`hashed ${doneBytes} of ${totalBytes} bytes`),
    },
  )
  console.log(shared.magnet)
  await client.change(`${shared.id}`, { uploadLimit: 500_000, ratioGoal: 2 })

  for await (const { event, data } of client.events({ signal: AbortSignal.timeout(30_000) }))
    if (event === 'snapshot') {
      for (const { id, name, state } of data.transfers) console.log(`number ${id}, ${name}, is ${state}`)
      break
    }
} finally {
  await rm(home, { recursive: true, force: true })
}
