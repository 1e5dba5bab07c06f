import { once } from 'node:events'
import { open, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createTorrent } from '../../src/index.ts'
import { engines } from '../kit/exchange.ts'
import { sameContent, writeSampleAlbum, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

/** An HTTP server that serves ranges of what is in a folder, and nothing else. */
async function serveFolder(t: ExecutionContext, folder: string, asked: string[] = []): Promise<string> {
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '')
    const path = join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname))
    const { size = 0 } = (await stat(path).catch(() => undefined)) ?? {}
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    if (from === undefined || Number(to) >= size) return void response.writeHead(size === 0 ? 404 : 416).end()
    const file = await open(path)
    const bytes = Buffer.alloc(Number(to) - Number(from) + 1)
    await file.read(bytes, 0, bytes.length, Number(from))
    await file.close()
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${size}` }).end(bytes)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

for (const engine of engines) {
  for (const format of ['v1', 'hybrid'] as const) {
    test(`a web seed alone carries a ${format} file to the end, by the ${engine} engine`, async t => {
      const path = await writeSampleFile(join(await temporaryFolder(t), 'a clip.avi'), 1_500_003)
      const url = `${await serveFolder(t, dirname(path))}a%20clip.avi`
      const { bytes } = await createTorrent(path, { webSeeds: [url], format })
      const copy = await (await startSwarm(t, { engine })).get(bytes, { out: await temporaryFolder(t) })
      await copy.finished()
      t.is(copy.peers()[0]?.source, 'web seed')
      await sameContent(t, copy.path!, path)
    })

    test(`a web seed alone carries a ${format} album to the end, by the ${engine} engine`, async t => {
      const path = await writeSampleAlbum(join(await temporaryFolder(t), 'album'))
      const url = await serveFolder(t, dirname(path))
      const { bytes } = await createTorrent(path, { webSeeds: [url], format, pieceLength: 65_536 })
      const copy = await (await startSwarm(t, { engine })).get(bytes, { out: await temporaryFolder(t) })
      await copy.finished()
      await sameContent(t, copy.path!, path)
    })
  }

  test(`a web seed that a magnet link names inside this network is not asked by the ${engine} engine`, async t => {
    const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 10_000)
    const asked: string[] = []
    const url = `${await serveFolder(t, dirname(path), asked)}clip.avi`
    const seed = await startSwarm(t, { engine })
    const { metainfo } = await seed.seed(path)
    const link = `magnet:?xt=urn:btih:${metainfo!.infoHash}&ws=${encodeURIComponent(url)}`
    const swarm = await startSwarm(t, { engine })
    const copy = await swarm.get(link, { out: await temporaryFolder(t), peers: [addressOf(seed)] })
    await copy.finished()
    t.deepEqual(asked, [])
  })
}
