import { signListing } from '../../src/catalog/listing/sign.ts'
import { ListingStore, type SearchQuery } from '../../src/catalog/store/listing-store.ts'
import { generateIdentity } from '../../src/core/index.ts'
import { sampleDraft, sampleMagnet } from '../kit/sample-listing.ts'
import { type FindDatabasePlace, promisesOn } from './database-place.ts'

const ada = generateIdentity()
const bob = generateIdentity()

/** What searching the store of listings promises, whatever database it is on. `place` answers `undefined` where the test is skipped. */
export function catalogSearchContract(name: string, place: FindDatabasePlace): void {
  const promise = promisesOn(name, place)

  promise('a search finds what it says, and nothing else', async (t, open) => {
    const store = new ListingStore(await open())
    const drafts = [
      sampleDraft({ title: 'Lions at the zoo', publishedAt: '2026-05-01T00:00:00Z', sizeBytes: 1_000_000 }),
      sampleDraft({
        title: 'Żubry w puszczy',
        tags: ['black and white'],
        creator: 'Jane Doe',
        section: 'photos',
      }),
      sampleDraft({
        title: '動物園の🦁カメラ',
        description: 'カメラ',
        tags: ['c++'],
        license: 'MIT OR Apache-2.0',
      }),
      sampleDraft({
        title: 'Lionel plays',
        tags: [],
        section: 'music',
        language: 'pt-BR',
        sizeBytes: 5_000_000_000,
      }),
    ].map((draft, index) => ({
      ...draft,
      description: draft.title,
      publishedAt: draft.publishedAt ?? `202${index}-01-01T00:00:00Z`,
    }))
    const listings = drafts.map((draft, index) =>
      signListing({ ...draft, tags: draft.tags, magnet: sampleMagnet(index) }, index === 3 ? bob : ada),
    )
    await store.apply(listings, { catalogId: 1 })
    const found = async (query: SearchQuery | string) => {
      const { listings: page } = await store.search(typeof query === 'string' ? { text: query } : query)
      return page.map(({ number }) => number).sort()
    }
    const answers: [SearchQuery | string, number[]][] = [
      ['lions zoo', [1]],
      ['title:lions', [1]],
      ['LION*', [1, 4]],
      ['title:lion*', [1, 4]],
      ['zubry', [2]],
      ['"lions at the"', [1]],
      ['"lions the at"', []],
      ['動物', [3]],
      ['物動', []],
      ['🦁', [3]],
      ['カメ', [3]],
      ['plays OR puszczy', [2, 4]],
      ['-title:lions -title:lionel', [2, 3]],
      ['tag:"black and white"', [2]],
      ['tag:black', []],
      ['tag:c++', [3]],
      ['tag:c', []],
      ['license:mit', [3]],
      ['license:apache-2.0 OR license:CC-BY', [1, 2, 3, 4]],
      ['creator:"jane doe"', [2]],
      ['creator:do*', [2]],
      ['language:pt', [4]],
      [`publisher:${bob.publicKey}`, [4]],
      ['size:>1GB', [4]],
      ['size:..1M', [1]],
      ['date:2021', [2]],
      ['after:2022 before:2026-01-01', [3, 4]],
      ['section:music', [4]],
      ['section:nonsense', []],
      [{ section: 'photos', tag: 'black and white' }, [2]],
      [{ publisher: bob.publicKey }, [4]],
      [{ infoHash: listings[2]!.infoHash }, [3]],
      [{ catalogId: 2 }, []],
      [{ maxSizeBytes: 1_000_000 }, [1]],
      [{ after: new Date('2026-01-01') }, [1]],
    ]
    for (const [query, numbers] of answers) t.deepEqual(await found(query), numbers, JSON.stringify(query))
    const sorted = async (sort: SearchQuery['sort']) =>
      (await store.search({ sort })).listings.map(({ number }) => number)
    t.deepEqual(await sorted('newest'), [1, 4, 3, 2])
    t.deepEqual(await sorted('oldest'), [2, 3, 4, 1])
    t.is((await sorted('largest'))[0], 4)
    t.is((await sorted('smallest'))[0], 1)
    await store.setHealth(listings[1]!.infoHash!, { seeds: 9, leeches: 0, at: new Date() })
    t.is((await sorted('popular'))[0], 2)
    t.like(await store.facets({ text: 'lion*' }), {
      sections: [
        { value: 'music', count: 1 },
        { value: 'video', count: 1 },
      ],
      isExact: true,
    })
  })

  promise('an exact title is first among thousands that have its word', async (t, open) => {
    const store = new ListingStore(await open())
    const draft = (title: string, index: number, others = {}) =>
      signListing(sampleDraft({ title, description: 'sun', magnet: sampleMagnet(index), ...others }), ada)
    const old = { publishedAt: '2001-01-01T00:00:00Z' }
    const wanted = draft('Sun', 1, old)
    const begins = draft('Sun over hills', 2, old)
    const seeded = draft('Hills without', 3, old)
    await store.apply([wanted, begins, seeded], { catalogId: 1 })
    await store.setHealth(seeded.infoHash!, { seeds: 5_000, leeches: 0, at: new Date() })
    for (let batch = 0; batch < 3; batch++)
      await store.apply(
        Array.from({ length: 1_000 }, (_, index) =>
          draft(`The sun number ${index}`, 10 + batch * 1_000 + index),
        ),
        { catalogId: 1 },
      )
    const { listings, total, isTotalExact } = await store.search({ text: 'sun', limit: 100 })
    t.is(listings[0]?.title, 'Sun')
    t.is(listings[1]?.title, 'Sun over hills')
    t.deepEqual([total, isTotalExact], [3_003, true])
    const popular = await store.search({ text: 'sun', sort: 'popular', limit: 1 })
    t.is(popular.listings[0]?.title, 'Hills without')
    const pages = await Promise.all(
      Array.from({ length: 31 }, (_, page) => store.search({ text: 'sun', limit: 100, offset: page * 100 })),
    )
    t.is(new Set(pages.flatMap(page => page.listings.map(({ id }) => id))).size, 3_003)
  })

  promise(
    'a total is exact only where all was looked at, and what is small is found whole',
    async (t, open) => {
      const bounds = { matches: 20, listings: 30, members: 5, window: 25 }
      const store = new ListingStore(await open(), bounds)
      const listings = Array.from({ length: 120 }, (_, index) =>
        signListing(
          sampleDraft({
            title: index % 40 === 7 ? 'Sun and moon' : index % 2 === 0 ? 'Sun' : 'Sun, moonlit',
            sizeBytes: index < 4 ? 9_000_000 : index < 50 ? 500_000 : 1_000,
            magnet: sampleMagnet(index),
            // The later, the newer.
            publishedAt: new Date(Date.UTC(2024, 0, 1 + index)).toISOString(),
          }),
          index === 1 || index === 2 ? bob : ada,
        ),
      )
      await store.apply(listings, { catalogId: 1 })
      await store.apply(listings.slice(0, 3), { catalogId: 2 })
      await store.apply(listings.slice(0, 60), { catalogId: 3 })
      const exact: [SearchQuery, number][] = [
        [{ text: 'sun', catalogId: 2 }, 3],
        [{ text: 'sun', minSizeBytes: 1_000_000 }, 4],
        [{ text: 'sun', publisher: bob.publicKey }, 2],
        [{ text: 'moon' }, 3],
        [{ text: 'moon', catalogId: 3 }, 2],
        [{ text: 'sun', infoHash: listings[9]!.infoHash }, 1],
        [{ catalogId: 2, section: 'video' }, 3],
        [{ catalogId: 2, minSizeBytes: 10_000_000 }, 0],
        [{ publisher: bob.publicKey }, 2],
        [{ minSizeBytes: 1_000_000, section: 'video' }, 4],
        [{ section: 'video' }, 120],
      ]
      const inexact: SearchQuery[] = [
        { text: 'sun', catalogId: 3 },
        { text: 'sun', minSizeBytes: 100_000 },
        { catalogId: 3 },
        { catalogId: 3, limit: 100, countsTotal: false },
        { minSizeBytes: 100_000, section: 'video' },
      ]
      for (const sort of ['relevance', 'newest', 'popular', 'smallest'] as const) {
        for (const [query, total] of exact)
          t.like(
            await store.search({ ...query, sort }),
            { total, isTotalExact: true },
            JSON.stringify({ query, sort }),
          )
        for (const query of inexact)
          t.false((await store.search({ ...query, sort })).isTotalExact, JSON.stringify({ query, sort }))
      }
      t.false((await store.facets({ catalogId: 3 })).isExact)
      t.true((await store.facets({ catalogId: 2 })).isExact)
      const hurried = new ListingStore(await open(), { ...bounds, windowsMs: 0, terms: 10 })
      const { listings: found, total, isTotalExact } = await hurried.search({ text: 'moonlit' })
      t.is(found[0]?.title, 'Sun, moonlit')
      t.is(isTotalExact, total === 57)
    },
  )

  promise(
    'a title that was typed is not found where it lacks the tags that were asked for',
    async (t, open) => {
      const store = new ListingStore(await open(), { matches: 5 })
      const tagged = (title: string, tags: string[], index: number) =>
        signListing(sampleDraft({ title, tags, magnet: sampleMagnet(index) }), ada)
      const many = Array.from({ length: 1_100 }, (_, index) => tagged('Sun over hills', ['red'], index))
      await store.apply([...many, tagged('Sun', ['green'], 2_000)], { catalogId: 1 })
      const { listings } = await store.search({ text: 'sun tag:red OR tag:blue', limit: 100 })
      t.deepEqual([...new Set(listings.map(({ title }) => title))], ['Sun over hills'])
    },
  )

  promise('a search does not wait for those that write, and sees what they wrote', async (t, open) => {
    const database = await open()
    const store = new ListingStore(database)
    await store.apply([signListing(sampleDraft(), ada)], { catalogId: 1 })
    const totals = await database.transaction(async db => {
      await db.updateTable('listing').set({ size_bytes: 1 }).execute()
      return [(await store.search({ text: 'zoo' })).total, (await store.search({ maxSizeBytes: 1 })).total]
    })
    t.deepEqual(totals, [1, 0])
    t.is((await store.search({ maxSizeBytes: 1 })).total, 1)
    await t.throwsAsync(database.reader.deleteFrom('listing').execute(), { message: /read-?only/ })
  })
}
