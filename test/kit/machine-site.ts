import { Hono } from 'hono'
import type { CatalogInfo } from '../../src/catalog/catalog-info.ts'
import { openDatabase } from '../../src/catalog/database/open-database.ts'
import type { ListingDraft } from '../../src/catalog/listing/fields.ts'
import type { Listing } from '../../src/catalog/listing/record.ts'
import { signListing } from '../../src/catalog/listing/sign.ts'
import { Moderators } from '../../src/catalog/moderation/moderators.ts'
import { type MachineRoutesInit, machineRoutes } from '../../src/catalog/server/machine/machine-routes.ts'
import { SiteMetrics } from '../../src/catalog/server/machine/metrics.ts'
import type { Site, SiteSettings } from '../../src/catalog/server/site.ts'
import { ListingStore } from '../../src/catalog/store/listing-store.ts'
import { findHome, generateIdentity, type Identity } from '../../src/core/index.ts'
import { addressReader, clientAddress, type HttpEnv, httpErrorOf, problemOf } from '../../src/http/index.ts'
import type { Owner } from './owner.ts'
import { sampleDraft, sampleMagnet } from './sample-listing.ts'
import { temporaryFolder } from './temp-folder.ts'

export interface MachineSiteInit extends MachineRoutesInit {
  readonly settings?: Partial<SiteSettings>
  readonly desk?: object
  readonly tracker?: Site['tracker']
  readonly snapshot?: () => Promise<object>
}

/** The machine routes of a site over a real database in memory, asked without a network. */
export interface MachineSite {
  readonly site: Site
  readonly app: Hono<HttpEnv>
  readonly identity: Identity
  /** Lists what is given, under an info-hash of its own unless it has one. */
  publish(changes?: Partial<ListingDraft>): Promise<Listing>
  /** Asks from 127.0.0.1. */
  get(path: string, init?: RequestInit): Promise<Response>
}

export const siteAddress = 'https://site.example'

export async function makeMachineSite(owner: Owner, init: MachineSiteInit = {}): Promise<MachineSite> {
  const database = await openDatabase(':memory:')
  owner.teardown(() => database.close())
  const store = new ListingStore(database)
  const identity = generateIdentity()
  const own = ownCatalog(identity)
  const catalog = { database, store, find: async () => own, snapshot: init.snapshot }
  const home = findHome(await temporaryFolder(owner, 'home'))
  const site = {
    catalog,
    store,
    own,
    desk: init.desk,
    moderators: new Moderators({ database, home }),
    tracker: init.tracker,
    now: () => new Date(),
    settings: {
      name: 'Zoo & friends',
      description: 'Animals <of all kinds>',
      about: '',
      contact: undefined,
      publicUrl: siteAddress,
      listenUrl: 'http://127.0.0.1:1',
      trackerUrls: [],
      ...init.settings,
    },
  } as unknown as Site
  const app = new Hono<HttpEnv>()
  app.use(clientAddress(addressReader()))
  const metrics = new SiteMetrics(site)
  app.use(metrics.observe)
  app.route('/', machineRoutes(site, { ...init, metrics }))
  app.onError(error => problemOf(httpErrorOf(error)))
  let count = 0
  return {
    site,
    app,
    identity,
    async publish(changes = {}) {
      const draft = sampleDraft({ magnet: sampleMagnet(++count), title: `Listing ${count}`, ...changes })
      const listing = signListing(draft, identity, { now: new Date() })
      const { added } = await store.apply([listing], { catalogId: own.number })
      if (added !== 1) throw new Error('The listing was not added')
      return listing
    },
    async get(path, request) {
      return app.request(path, request, { incoming: { socket: { remoteAddress: '127.0.0.1' } } as never })
    },
  }
}

function ownCatalog({ publicKey }: Identity): CatalogInfo {
  return {
    number: 1,
    name: 'Zoo & friends',
    description: 'Animals',
    publicKey,
    salt: 'zoo',
    link: `magnet:?xs=urn:btpk:${publicKey}&s=zoo`,
    url: undefined,
    isOwn: true,
    seq: 3,
    infoHash: undefined,
    listingCount: 2,
    createdAt: new Date(),
    syncedAt: undefined,
    problem: undefined,
  }
}
