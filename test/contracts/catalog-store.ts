import { signListing, signWithdrawal } from '../../src/catalog/listing/sign.ts'
import { importRecords } from '../../src/catalog/store/import-records.ts'
import { ListingStore } from '../../src/catalog/store/listing-store.ts'
import { generateIdentity } from '../../src/core/index.ts'
import { sampleDraft, sampleMagnet } from '../kit/sample-listing.ts'
import { type FindDatabasePlace, promisesOn } from './database-place.ts'

const ada = generateIdentity()
const bob = generateIdentity()

/** What the store of listings promises, whatever database it is on. `place` answers `undefined` where the test is skipped. */
export function catalogStoreContract(name: string, place: FindDatabasePlace): void {
  const promise = promisesOn(name, place)

  promise('the highest revision stays, in whatever order and however often they come', async (t, open) => {
    const store = new ListingStore(await open())
    const draft = sampleDraft({ description: '' })
    const first = signListing(draft, ada)
    const second = signListing({ ...draft, title: 'Lions, longer' }, ada, { revises: first })
    t.like(await store.apply([second], { catalogId: 1 }), { added: 1 })
    t.like(await store.apply([first, second], { catalogId: 1 }), { added: 0, replaced: 0, unchanged: 2 })
    t.is((await store.byId(first.id))?.title, 'Lions, longer')
    const third = signListing({ ...draft, title: 'Tigers', section: 'photos' }, ada, { revises: second })
    t.like(await store.apply([third], { catalogId: 1 }), { replaced: 1 })
    t.is((await store.byId(first.id))?.number, 1)
    t.is((await store.search({ text: 'lions' })).total, 0)
    t.is((await store.search({ text: 'tigers section:photos' })).total, 1)
    t.like((await store.counts()).bySection, { video: 0, photos: 1 })
  })

  promise('another listing under a revision that is known is refused', async (t, open) => {
    const store = new ListingStore(await open())
    const first = signListing(sampleDraft(), ada)
    const forked = signListing(sampleDraft({ title: 'Forked' }), ada, {
      revises: { nonce: first.nonce, revision: 0 },
    })
    t.like(await store.apply([first], { catalogId: 1 }), { added: 1 })
    t.like(await store.apply([forked], { catalogId: 1 }), { refused: 1 })
    t.is((await store.byId(first.id))?.title, first.title)
  })

  promise('a withdrawal holds in every catalog, and after a restart', async (t, open) => {
    const listing = signListing(sampleDraft(), ada)
    const store = new ListingStore(await open())
    await store.apply([listing], { catalogId: 1 })
    await store.apply([listing], { catalogId: 2 })
    t.like(await store.apply([signWithdrawal(listing, ada)], { catalogId: 1 }), { withdrawn: 1 })
    t.is(await store.byId(listing.id), undefined)
    const again = new ListingStore(await open())
    t.like(await again.apply([listing], { catalogId: 3 }), { added: 0, unchanged: 1 })
    const revised = signListing(sampleDraft(), ada, { revises: { ...listing, revision: 7 } })
    t.like(await again.apply([revised], { catalogId: 3 }), { added: 0 })
    t.is((await again.search({})).total, 0)
  })

  promise(
    'a listing stays as long as one catalog holds it, and its poster and torrent with it',
    async (t, open) => {
      const store = new ListingStore(await open())
      const poster = { sha256: 'ab'.repeat(32), sizeBytes: 3, width: 1, height: 1 }
      const kept = signListing(sampleDraft({ poster }), ada)
      const dropped = signListing(sampleDraft({ magnet: sampleMagnet(2) }), ada)
      await store.apply([kept, dropped], { catalogId: 1, segmentId: 10 })
      await store.apply([kept], { catalogId: 2, segmentId: 20 })
      await store.putPoster(poster.sha256, Buffer.from('abc'))
      await store.putTorrent(kept.infoHash!, Buffer.from('torrent'))
      t.is(await store.dropSegments(1, [10]), 2)
      t.truthy(await store.byId(kept.id))
      t.is(await store.byId(dropped.id), undefined)
      t.deepEqual(Buffer.from((await store.poster(poster.sha256))!), Buffer.from('abc'))
      t.deepEqual([...(await store.hasPosters([poster.sha256, 'cd'.repeat(32)]))], [poster.sha256])
      t.is(await store.remove(2, [kept.id]), 1)
      t.is(await store.byId(kept.id), undefined)
      t.is(await store.poster(poster.sha256), undefined)
      t.is(await store.torrent(kept.infoHash!), undefined)
    },
  )

  promise('a number is never given again', async (t, open) => {
    const store = new ListingStore(await open())
    const listing = signListing(sampleDraft(), ada)
    await store.apply([listing], { catalogId: 1 })
    await store.dropCatalog(1)
    await store.apply([listing], { catalogId: 1 })
    t.is((await store.byId(listing.id))?.number, 2)
  })

  promise('nothing of a blocked publisher is kept or taken', async (t, open) => {
    const store = new ListingStore(await open())
    const [bad, good] = [signListing(sampleDraft(), bob), signListing(sampleDraft(), ada)]
    await store.apply([bad, good], { catalogId: 1 })
    await store.blockPublisher(bob.publicKey, new Date())
    t.is((await store.search({})).total, 1)
    t.like(await store.apply([bad, good], { catalogId: 1 }), { refused: 1, unchanged: 1 })
    t.deepEqual(await store.blockedPublishers(), [bob.publicKey])
    await store.unblockPublisher(bob.publicKey)
    t.like(await store.apply([bad], { catalogId: 1 }), { added: 1 })
  })

  promise('lines that are no record are told and passed over', async (t, open) => {
    const store = new ListingStore(await open())
    const good = signListing(sampleDraft(), ada).json
    const refused: number[] = []
    const counts = await importRecords(
      [good, '{', good.replace('Lions', 'Tigers'), 'x'.repeat(20_000)],
      store,
      {
        catalogId: 1,
        onRefused: (_, line) => refused.push(line),
      },
    )
    t.like(counts, { added: 1, refused: 3 })
    t.deepEqual(refused.sort(), [2, 3, 4])
  })

  promise('an import that is aborted says so and keeps what was written', async (t, open) => {
    const store = new ListingStore(await open())
    const abort = new AbortController()
    const lines = Array<string>(4_500).fill(signListing(sampleDraft(), ada).json)
    const imported = importRecords(lines, store, {
      catalogId: 1,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    })
    await t.throwsAsync(imported, { name: 'AbortError' })
    t.is((await store.counts()).listings, 1)
  })

  promise('records of a catalog come in pages by number', async (t, open) => {
    const store = new ListingStore(await open())
    const listings = [1, 2, 3].map(number => signListing(sampleDraft({ magnet: sampleMagnet(number) }), ada))
    await store.apply(listings, { catalogId: 1 })
    await store.apply(listings.slice(1, 2), { catalogId: 2 })
    const [first, second] = await store.recordsOf(1, { limit: 2 })
    t.deepEqual([first?.json, second?.json], [listings[0]?.json, listings[1]?.json])
    t.deepEqual(await store.recordsOf(1, { after: second!.number }), [{ number: 3, json: listings[2]!.json }])
    t.is((await store.recordsOf(2)).length, 1)
  })

  promise('health belongs to the torrent, and goes when a revision has another', async (t, open) => {
    const store = new ListingStore(await open())
    const listing = signListing(sampleDraft(), ada)
    await store.apply([listing], { catalogId: 1 })
    const at = new Date('2026-05-01T12:00:00Z')
    await store.setHealth(listing.infoHash!, { seeds: 40, leeches: 2, at })
    t.like(await store.byId(listing.id), { seeds: 40, leeches: 2, healthAt: at })
    const same = signListing(sampleDraft({ title: 'Same torrent' }), ada, { revises: listing })
    await store.apply([same], { catalogId: 1 })
    t.is((await store.byId(listing.id))?.seeds, 40)
    const other = signListing(sampleDraft({ magnet: sampleMagnet(9) }), ada, { revises: same })
    await store.apply([other], { catalogId: 1 })
    t.is((await store.byId(listing.id))?.seeds, undefined)
  })

  promise('several that write and search at once lose nothing', async (t, open) => {
    const stores = [
      new ListingStore(await open()),
      new ListingStore(await open()),
      new ListingStore(await open()),
    ]
    await Promise.all(
      stores.flatMap((store, one) =>
        [0, 1, 2].map(async batch => {
          const listings = Array.from({ length: 50 }, (_, index) =>
            signListing(sampleDraft({ magnet: sampleMagnet(index + 100 * (batch + 10 * one)) }), ada),
          )
          await store.apply(listings, { catalogId: one })
          await store.search({ text: 'zoo' })
          await store.remove(one, [listings[0]!.id])
        }),
      ),
    )
    t.is((await stores[0]!.counts()).listings, 9 * 49)
    t.is((await stores[1]!.search({ text: 'zoo' })).total, 9 * 49)
  })
}
