// One p2pshare with its catalogs, steered by its parent.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import sharp from 'sharp'
import { Catalog } from '../../src/catalog/index.ts'
import { Swarm } from '../../src/swarm/index.ts'
import { sampleDraft, sampleMagnet } from '../../test/kit/sample-listing.ts'
import { serveCommands } from './json-lines.js'

const ending = new AbortController()
let swarm: Swarm
let catalog: Catalog
let keeping: Promise<void> | undefined

await serveCommands({
  async start({ home, bootstrap }: { home: string; bootstrap: string }) {
    swarm = await Swarm.start({
      home,
      port: 0,
      dht: { bootstrap: [bootstrap] },
      lsd: false,
      pex: false,
      nat: false,
    })
    catalog = await Catalog.open({ home, swarm })
    return {}
  },
  async fill({ path }: { path: string }) {
    const { link } = await catalog.create('bench')
    await catalog.import(createInterface({ input: createReadStream(path) }), { to: 'bench' })
    return { link }
  },
  async keepUp() {
    keeping = catalog.keepUp({ signal: ending.signal })
    return {}
  },
  /** Whether the newest snapshot is where others find it. */
  async isPublished({ after }: { after: number }) {
    const { publicKey, salt, seq, infoHash } = await catalog.find('bench')
    const found = infoHash === undefined ? undefined : await swarm.resolvePointer({ publicKey, salt })
    return { seq, isPublished: seq > after && found?.seq === seq }
  },
  async publish({ count, posterBytes }: { count: number; posterBytes: number }) {
    // Made first, so that all are published before the next snapshot is written.
    const posters = await Promise.all(Array.from({ length: count }, () => noisyPoster(posterBytes)))
    for (const poster of posters) {
      const number = randomBytes(4).readUInt32BE()
      const draft = sampleDraft({ title: `Film ${number}`, magnet: sampleMagnet(number) })
      await catalog.publish(draft, { to: 'bench', poster })
    }
    return {}
  },
  async follow({ link }: { link: string }) {
    const began = performance.now()
    const { result } = await catalog.follow(link)
    return { ...result, tookMs: performance.now() - began }
  },
  async sync() {
    const began = performance.now()
    const [result] = await catalog.sync()
    return { ...result, tookMs: performance.now() - began }
  },
  async stop() {
    ending.abort()
    await keeping
    await swarm.stop()
    await catalog.close()
    return {}
  },
})

/** A WebP picture of about so many bytes. */
async function noisyPoster(sizeBytes: number): Promise<Uint8Array> {
  const width = 320
  const height = 180
  const raw = { width, height, channels: 3 } as const
  const blurred = await sharp(randomBytes(width * height * 3), { raw })
    .blur(1.5)
    .png()
    .toBuffer()
  let picture: Buffer
  let quality = 90
  do {
    picture = await sharp(blurred).webp({ quality }).toBuffer()
    quality -= 10
  } while (picture.length > sizeBytes && quality > 0)
  return picture
}
