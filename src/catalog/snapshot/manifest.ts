import { z } from 'zod'
import { type Identity, P2pShareError, parseCanonicalJson } from '../../core/index.ts'
import { isSignedBy, signJson } from '../signed-json.ts'

/** The file of a catalog's torrent that says what the others are. */
export const manifestName = 'catalog.json'
export const maxManifestBytes = 4 * 1024 * 1024
/** Files of listings and posters together. */
export const maxSegments = 20_000
/** One of them: more than is ever written, as much as is read. */
export const maxSegmentBytes = 64 * 1024 * 1024

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A file that never changes once it is written, so that a follower who has it never fetches it again. */
const segmentSchema = z.looseObject({
  sha256,
  sizeBytes: z.int().min(1).max(maxSegmentBytes),
  /** Lines of listings, or posters. */
  count: z.int().min(1).max(10_000_000),
})

const manifestSchema = z.looseObject({
  type: z.literal('p2pshare/catalog'),
  version: z.literal(1),
  publicKey: sha256,
  salt: z.string().max(64),
  name: z.string().min(1).max(100),
  description: z.string().max(5_000),
  /** Of the pointer that it was first published under; later pointers to it may be higher. */
  seq: z.int().min(0),
  createdAt: z.iso.datetime(),
  listingCount: z.int().min(0),
  /** In the order in which they apply: what a later one says of a listing goes. */
  listings: z.array(segmentSchema).max(maxSegments),
  posters: z.array(segmentSchema).max(maxSegments),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
})

export type Manifest = Readonly<z.infer<typeof manifestSchema>>
export type ManifestSegment = Readonly<z.infer<typeof segmentSchema>>
export type ManifestDraft = Pick<
  Manifest,
  'salt' | 'name' | 'description' | 'seq' | 'createdAt' | 'listingCount' | 'listings' | 'posters'
>

/** The two kinds of files beside the manifest. */
export type SegmentKind = 'listings' | 'posters'

const extensions = { listings: 'jsonl.gz', posters: 'posters' } as const
const fileName = /^[0-9a-f]{16}\.(?:jsonl\.gz|posters)$/

/** The name of a segment's file: short, because it stands in every version of the torrent. */
export function segmentName(kind: SegmentKind, hash: string): string {
  return `${hash.slice(0, 16)}.${extensions[kind]}`
}

export function isSegmentName(name: string): boolean {
  return fileName.test(name)
}

export function writeManifest(draft: ManifestDraft, identity: Identity): string {
  return signJson({ ...draft, type: 'p2pshare/catalog', version: 1, publicKey: identity.publicKey }, identity)
}

/**
 * Reads a manifest that has to be of one catalog, or where that has an empty salt, of any catalog of its key.
 *
 * @throws {P2pShareError} `ERR_INVALID_CATALOG`, `ERR_INVALID_JSON`, `ERR_BAD_SIGNATURE`
 */
export function readManifest(json: string, of: { publicKey: string; salt: string }): Manifest {
  if (json.length > maxManifestBytes)
    throw new P2pShareError(
      'ERR_INVALID_CATALOG',
      `A catalog's manifest takes at most ${maxManifestBytes} bytes`,
    )
  const { success, data, error } = manifestSchema.safeParse(parseCanonicalJson(json))
  if (!success) {
    const [first] = error.issues
    const what = `${first?.path.join('.') || 'manifest'}: ${first?.message ?? 'invalid'}`
    throw new P2pShareError('ERR_INVALID_CATALOG', `The manifest of a catalog cannot be used: ${what}`)
  }
  if (data.publicKey !== of.publicKey || (of.salt !== '' && data.salt !== of.salt))
    throw new P2pShareError('ERR_INVALID_CATALOG', `What was fetched is another catalog, "${data.name}"`)
  if (!isSignedBy(data.publicKey, json, data.signature))
    throw new P2pShareError('ERR_BAD_SIGNATURE', `The catalog "${data.name}" is not signed by its key`)
  return Object.freeze(data)
}
