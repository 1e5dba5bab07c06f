import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { draftOf, signListing, signWithdrawal } from '../../../src/catalog/listing/sign.ts'
import { segmentName } from '../../../src/catalog/snapshot/manifest.ts'
import { posterHash, readPosterPack, writePosterPack } from '../../../src/catalog/snapshot/poster-pack.ts'
import { idOfLine, readLines, removalLine, removedId } from '../../../src/catalog/snapshot/segment-lines.ts'
import { writeListingSegments, writePosterSegments } from '../../../src/catalog/snapshot/write-segments.ts'
import { generateIdentity } from '../../../src/core/index.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const identity = generateIdentity()
const listing = (title: string) => signListing(sampleDraft({ title }), identity)

/** A picture as far as its first bytes go. */
function poster(fill: number, sizeBytes = 200): Uint8Array {
  const bytes = Buffer.alloc(sizeBytes, fill)
  bytes.write('RIFF', 0, 'latin1')
  bytes.write('WEBP', 8, 'latin1')
  return bytes
}

async function versions(t: ExecutionContext, count: number): Promise<string[]> {
  const root = await temporaryFolder(t, 'versions')
  const folders = Array.from({ length: count }, (_, index) => join(root, String(index)))
  for (const folder of folders) await mkdir(folder)
  return folders
}

async function linesOf(folder: string, segments: readonly { sha256: string }[]): Promise<string[]> {
  const lines: string[] = []
  for (const { sha256 } of segments)
    for await (const line of readLines(join(folder, segmentName('listings', sha256)))) lines.push(line)
  return lines
}

test('what is added comes into a file of its own, and the others are linked', async t => {
  const [one, two] = await versions(t, 2)
  const first = await writeListingSegments([], [listing('a').json], { from: undefined, to: one! })
  const added = listing('b')
  const second = await writeListingSegments(first, [added.json], { from: one, to: two! })
  t.is(second.length, 2)
  t.deepEqual(second[0], first[0])
  t.deepEqual(await linesOf(two!, second.slice(1)), [added.json])
  t.is((await readdir(two!)).length, 2)
})

test('of what is said of one listing, the last goes, and a removal is left out where nothing stands before it', async t => {
  const [one, two] = await versions(t, 2)
  const [a, b] = [listing('a'), listing('b')]
  const later = signListing({ ...draftOf(a), title: 'a again' }, identity, { revises: a })
  const gone = signWithdrawal(b, identity)
  const first = await writeListingSegments([], [a.json, b.json, later.json, removalLine(b.id)], {
    from: undefined,
    to: one!,
  })
  t.deepEqual(await linesOf(one!, first), [later.json])
  const second = await writeListingSegments(first, [gone.json, removalLine(a.id)], { from: one, to: two! })
  t.deepEqual(await linesOf(two!, second), [later.json, gone.json, removalLine(a.id)])
})

test('nine small additions are folded into one file', async t => {
  const folders = await versions(t, 9)
  let segments: Awaited<ReturnType<typeof writeListingSegments>> = []
  const listings = folders.map((_, index) => listing(`number ${index}`))
  for (const [index, to] of folders.entries())
    segments = await writeListingSegments(segments, [listings[index]!.json], { from: folders[index - 1], to })
  t.is(segments.length, 1)
  t.is(segments[0]!.count, 9)
  t.deepEqual(
    await linesOf(folders.at(-1)!, segments),
    listings.map(({ json }) => json),
  )
})

test('nothing added changes nothing', async t => {
  const [one, two] = await versions(t, 2)
  const first = await writeListingSegments([], [listing('a').json], { from: undefined, to: one! })
  t.deepEqual(await writeListingSegments(first, [], { from: one, to: two! }), first)
})

test('posters come back out of their packs under their hashes, and what is no picture does not', async t => {
  const [one] = await versions(t, 1)
  const pictures = new Map([poster(1), poster(2)].map(bytes => [posterHash(bytes), bytes] as const))
  const [segment] = await writePosterSegments([], pictures, { from: undefined, to: one! })
  const pack = readPosterPack(await readFile(join(one!, segmentName('posters', segment!.sha256))))
  t.deepEqual([...pack.keys()].sort(), [...pictures.keys()].sort())
  const [hash] = pictures.keys()
  const forged = writePosterPack(
    new Map([
      [hash!, poster(3)],
      ['a'.repeat(64), poster(4)],
      [posterHash(Buffer.from('<svg/>')), Buffer.from('<svg/>')],
      [posterHash(poster(5, 40_000)), poster(5, 40_000)],
    ]),
  )
  t.is(readPosterPack(forged).size, 0)
  t.throws(() => readPosterPack(Buffer.from('le')), { code: 'ERR_INVALID_CATALOG' })
})

test('a removal is told from every other line', t => {
  const { id, json } = listing('a')
  t.is(removedId(removalLine(id)), id)
  t.is(idOfLine(removalLine(id)), id)
  t.is(idOfLine(json), id)
  for (const line of [
    json,
    '{"id":"../../etc","type":"p2pshare/removal"}',
    '"p2pshare/removal"',
    '',
    'null',
    '[]',
  ])
    t.is(removedId(line), undefined)
})
