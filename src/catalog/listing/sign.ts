import { randomBytes } from 'node:crypto'
import type { Hex, Identity } from '../../core/index.ts'
import { signJson } from '../signed-json.ts'
import type { ListingDraft } from './fields.ts'
import { type CatalogRecord, type Listing, readRecord, type Withdrawal } from './record.ts'

/**
 * Signs a listing.
 *
 * @param revises the listing that this one replaces: its nonce is kept and its revision raised; without it a new one is made
 * @param now when it is published, unless the draft says so
 * @throws {P2pShareError} `ERR_INVALID_LISTING` naming the field that breaks a bound
 */
export function signListing(
  draft: ListingDraft,
  identity: Identity,
  {
    revises,
    now = new Date(),
  }: { revises?: Pick<Listing, 'nonce' | 'revision'> | undefined; now?: Date } = {},
): Listing {
  const record = sign(
    {
      publishedAt: now.toISOString(),
      ...withoutUndefined(draft),
      type: 'p2pshare/listing',
      nonce: revises?.nonce ?? newNonce(),
      revision: (revises?.revision ?? 0) + 1,
    },
    identity,
  )
  return record as Listing
}

/** Signs that a listing of this identity is taken back. */
export function signWithdrawal(
  listing: Pick<Listing, 'nonce' | 'revision'>,
  identity: Identity,
  { reason, now = new Date() }: { reason?: string | undefined; now?: Date } = {},
): Withdrawal {
  const { nonce, revision } = listing
  return sign(
    { type: 'p2pshare/withdrawal', nonce, revision: revision + 1, withdrawnAt: now.toISOString(), reason },
    identity,
  ) as Withdrawal
}

/** What a listing says of the work, without who signed it: what a later revision starts from. */
export function draftOf(listing: Listing): ListingDraft {
  const { id, infoHash, infoHashV2, json, type, version, publisher, nonce, revision, signature, ...draft } =
    listing
  return draft as ListingDraft
}

function sign(fields: Record<string, unknown>, identity: Identity): CatalogRecord {
  return readRecord(signJson({ ...fields, version: 1, publisher: identity.publicKey }, identity))
}

function newNonce(): Hex {
  return randomBytes(16).toString('hex')
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T
}
