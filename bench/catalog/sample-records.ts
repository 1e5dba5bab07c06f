import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { sections } from '../../src/catalog/listing/fields.ts'
import { signJson } from '../../src/catalog/signed-json.ts'
import { identityFromSeed } from '../../src/core/index.ts'
import { randomNumbers, zipfRanks } from './random.ts'
import { sampleWords } from './sample-words.ts'

export const wordCount = 100_000
const tagCount = 3_000
const publisherCount = 200
const fiveYearsMs = 5 * 365 * 24 * 3_600_000
const start = Date.UTC(2021, 0, 1)
const licenses = ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC0-1.0', 'all rights reserved', 'MIT']

/** Lines of listings, really signed by several publishers, the same each time; kept at `path` for the next run. */
export async function sampleRecords(path: string, count: number): Promise<() => AsyncIterable<string>> {
  if (!existsSync(path)) {
    const file = createWriteStream(`${path}.new`)
    for (const line of generate(count)) if (!file.write(`${line}\n`)) await once(file, 'drain')
    file.end()
    await once(file, 'finish')
    await rename(`${path}.new`, path)
  }
  return () => createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }) })
}

function* generate(count: number): Generator<string> {
  const random = randomNumbers(2)
  const words = sampleWords(wordCount)
  const wordRank = zipfRanks(wordCount, random)
  const tagRank = zipfRanks(tagCount, random)
  const publisherRank = zipfRanks(publisherCount, random)
  const below = (most: number) => Math.floor(random() * most)
  const some = (least: number, most: number, rank: () => number) =>
    Array.from({ length: least + below(most - least + 1) }, () => words[rank()]!)
  const publishers = Array.from({ length: publisherCount }, (_, index) => ({
    identity: identityFromSeed(digest(`publisher ${index}`)),
    creator: some(2, 2, wordRank).join(' '),
  }))
  for (let index = 0; index < count; index++) {
    const { identity, creator } = publishers[publisherRank()]!
    const hash = digest(`torrent ${index}`).toString('hex')
    const title = some(2, 8, wordRank).join(' ')
    yield signJson(
      {
        type: 'p2pshare/listing',
        version: 1,
        publisher: identity.publicKey,
        nonce: hash.slice(0, 32),
        revision: 1,
        title,
        description: some(10, 60, wordRank).join(' '),
        section: sections[Math.floor(random() ** 2 * sections.length)],
        tags: [...new Set(some(1, 5, tagRank))],
        license: licenses[below(licenses.length)],
        creator: random() < 0.5 ? creator : undefined,
        language: random() < 0.5 ? 'en' : undefined,
        publishedAt: new Date(start + Math.floor((index / count) * fiveYearsMs)).toISOString(),
        magnet: `magnet:?xt=urn:btih:${hash.slice(0, 40)}&dn=${encodeURIComponent(title)}`,
        sizeBytes: Math.floor(10 ** (5 + random() * 5)),
        fileCount: 1 + below(20),
      },
      identity,
    )
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
