import { randomBytes } from 'node:crypto'
import type { ExecutionContext } from 'ava'
import type { CatalogDatabase } from '../../src/catalog/database/catalog-database.ts'
import type { Listing } from '../../src/catalog/listing/record.ts'
import type { MailSettings } from '../../src/catalog/mail/mail-settings.ts'
import { Mailer } from '../../src/catalog/mail/mailer.ts'
import type { ListingStore, StoredListing } from '../../src/catalog/store/listing-store.ts'
import type { DeskSettings } from '../../src/catalog/submission/desk-settings.ts'
import type { MetadataSwarm } from '../../src/catalog/submission/find-metadata.ts'
import { type DeskCatalog, SubmissionDesk } from '../../src/catalog/submission/submission-desk.ts'
import type { SubmissionInput } from '../../src/catalog/submission/submission-input.ts'
import { generateIdentity } from '../../src/core/index.ts'

/** A clock that stands still until it is told otherwise. */
export interface Clock {
  (): Date
  pass(ms: number): void
}

export function standingClock(start = '2026-05-01T12:00:00Z'): Clock {
  let time = Date.parse(start)
  const clock = () => new Date(time)
  return Object.assign(clock, {
    pass: (ms: number) => {
      time += ms
    },
  })
}

/** What a catalog keeps, without a database: for tests of what is decided, not of where it ends up. */
export class ListedInMemory implements DeskCatalog {
  readonly listings = new Map<string, StoredListing>()
  readonly torrents = new Map<string, Uint8Array>()
  readonly blocked = new Set<string>()
  readonly #identity = generateIdentity()
  /** Called before a listing is taken. */
  onAccept: (() => Promise<void> | void) | undefined

  readonly store = {
    byInfoHash: async (hash: string) =>
      this.#all().filter(one => one.infoHash === hash || one.infoHashV2 === hash),
    search: async ({ publisher }: { publisher?: string }) => {
      const listings = this.#all()
        .filter(listing => listing.publisher === publisher)
        .slice(0, 100)
      return { listings, total: listings.length, isTotalExact: true }
    },
    blockPublisher: async (publisher: string) => void this.blocked.add(publisher),
    unblockPublisher: async (publisher: string) => void this.blocked.delete(publisher),
    blockedPublishers: async () => [...this.blocked],
  } as unknown as ListingStore

  async identity() {
    return this.#identity
  }

  async accept(listing: Listing, { torrent }: { torrent?: Uint8Array | undefined }): Promise<StoredListing> {
    await this.onAccept?.()
    const stored = { ...listing, number: this.listings.size + 1 } as StoredListing
    this.listings.set(listing.id, stored)
    if (torrent) this.torrents.set(listing.id, torrent)
    return stored
  }

  async find() {
    return { number: 1 }
  }

  async remove(id: string): Promise<void> {
    this.listings.delete(id)
  }

  #all(): StoredListing[] {
    return [...this.listings.values()]
  }
}

export interface DeskOptions {
  readonly catalog?: ListedInMemory
  readonly swarm?: MetadataSwarm
  readonly mail?: MailSettings
  readonly retryAfterMs?: number
  readonly settings?: Partial<DeskSettings>
  readonly now?: () => Date
  /** What went wrong in the background, to be looked at. */
  readonly problems?: unknown[]
}

/** A desk on a database, stopped when the test ends. */
export function makeDesk(t: ExecutionContext, database: CatalogDatabase, options: DeskOptions = {}) {
  const { catalog = new ListedInMemory(), swarm, mail, settings, now, problems = [] } = options
  const mailer = new Mailer({
    database,
    settings: mail,
    siteName: 'The Zoo',
    pollEveryMs: 20,
    now,
    retryAfterMs: options.retryAfterMs,
    onProblem: problem => problems.push(problem),
  })
  const desk = new SubmissionDesk({
    database,
    store: catalog.store,
    catalog,
    ownCatalog: 'The Zoo',
    mailer,
    swarm,
    now,
    settings: {
      pollEveryMs: 20,
      statusUrl: (id, secret) => `http://127.0.0.1/submission/${id}/${secret}`,
      listingUrl: id => `http://127.0.0.1/listing/${id}`,
      ...settings,
    },
    onProblem: problem => problems.push(problem),
  })
  t.teardown(() => desk.stop())
  return { desk, catalog, mailer, problems }
}

/** A form as a person fills it in; each with another info-hash. */
export function sampleSubmission(changes: Partial<SubmissionInput> = {}): SubmissionInput {
  return {
    magnet: `magnet:?xt=urn:btih:${randomBytes(20).toString('hex')}&dn=zoo.avi`,
    title: ' Lions at  the zoo ',
    description: 'A morning at the zoo.\r\n\r\nThe lions were awake.',
    section: 'video',
    tags: 'Zoo, animals, zoo',
    license: 'cc by 4.0',
    email: 'maker@example.org',
    ...changes,
  }
}
