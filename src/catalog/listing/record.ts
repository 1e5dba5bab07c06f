import type { ZodError } from 'zod'
import {
  type Hex,
  P2pShareError,
  parseCanonicalJson,
  readMagnet,
  verifySignatureInBackground,
} from '../../core/index.ts'
import { isSignedBy, signedBytes } from '../signed-json.ts'
import { type ListingFields, listingSchema, type WithdrawalFields, withdrawalSchema } from './fields.ts'
import { type ListingId, listingId } from './listing-id.ts'
import { type InfoHashes, surelyValid } from './surely-valid.ts'

/** Bytes of a record as it is written, its signature included. */
export const maxRecordBytes = 16_384

/** A listing whose fields, form and signature have been checked. */
export type Listing = ListingFields & {
  readonly id: ListingId
  /** Of its magnet link; one of the two is there. */
  readonly infoHash: Hex | undefined
  readonly infoHashV2: Hex | undefined
  /** The canonical JSON that was signed, with its signature: what is stored and passed on. */
  readonly json: string
}

/** A withdrawal whose fields, form and signature have been checked. */
export type Withdrawal = WithdrawalFields & { readonly id: ListingId; readonly json: string }

/** What a catalog is made of. */
export type CatalogRecord = Listing | Withdrawal

export function isListing(record: CatalogRecord): record is Listing {
  return record.type === 'p2pshare/listing'
}

/**
 * Reads a listing or a withdrawal: canonical JSON of at most 16 KiB, within every bound, signed by the key that it names.
 *
 * @throws {P2pShareError} `ERR_INVALID_JSON`, `ERR_INVALID_LISTING`, `ERR_BAD_SIGNATURE`
 */
export function readRecord(json: string): CatalogRecord {
  const record = parseRecord(json)
  if (isSignedBy(record.publisher, json, record.signature)) return record
  throw badSignature(record)
}

/** The same with the signature verified on another thread. */
export async function readRecordInBackground(json: string): Promise<CatalogRecord> {
  const record = parseRecord(json)
  const signature = Buffer.from(record.signature, 'hex')
  if (await verifySignatureInBackground(record.publisher, signedBytes(json), signature)) return record
  throw badSignature(record)
}

function parseRecord(json: string): CatalogRecord {
  if (json.length > maxRecordBytes || Buffer.byteLength(json) > maxRecordBytes)
    throw new P2pShareError('ERR_INVALID_LISTING', `A listing takes at most ${maxRecordBytes} bytes`)
  const value = parseCanonicalJson(json)
  const valid = surelyValid(value)
  if (valid) return listing(valid.fields, valid, json)
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (type === 'p2pshare/withdrawal') {
    const { success, data, error } = withdrawalSchema.safeParse(value)
    if (!success) throw invalid(error)
    return Object.freeze({ ...data, id: listingId(data.publisher, data.nonce), json })
  }
  const { success, data, error } = listingSchema.safeParse(value)
  if (!success) throw invalid(error)
  return listing(data, readMagnet(data.magnet), json)
}

function listing(fields: ListingFields, { infoHash, infoHashV2 }: InfoHashes, json: string): Listing {
  return Object.freeze({
    ...fields,
    id: listingId(fields.publisher, fields.nonce),
    infoHash,
    infoHashV2,
    json,
  })
}

function invalid({ issues }: ZodError): P2pShareError {
  const [first] = issues
  const where = first?.path.join('.') || 'listing'
  return new P2pShareError(
    'ERR_INVALID_LISTING',
    `The ${where} of a listing cannot be used: ${first?.message ?? 'invalid'}`,
  )
}

function badSignature({ id }: CatalogRecord): P2pShareError {
  return new P2pShareError('ERR_BAD_SIGNATURE', `The listing ${id} is not signed by its publisher`)
}
