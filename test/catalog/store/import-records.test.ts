import test from 'ava'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { signListing, signWithdrawal } from '../../../src/catalog/listing/sign.ts'
import { importRecords } from '../../../src/catalog/store/import-records.ts'
import { ListingStore } from '../../../src/catalog/store/listing-store.ts'
import { generateIdentity, type P2pShareError } from '../../../src/core/index.ts'
import { sampleDraft, sampleMagnet } from '../../kit/sample-listing.ts'

const identity = generateIdentity()
const count = 1_300

async function newStore(t: { teardown(end: () => Promise<void>): void }): Promise<ListingStore> {
  const database = await openDatabase(':memory:')
  t.teardown(() => database.close())
  return new ListingStore(database)
}

function listings(words: (number: number) => string) {
  return Array.from({ length: count }, (_, number) =>
    signListing(sampleDraft({ description: words(number), magnet: sampleMagnet(number) }), identity),
  )
}

test('what threads read is what is read here, in its order, and every word of it is known', async t => {
  const some = listings(number => `film${number} Żubr`)
  const withdrawn = signWithdrawal(some[7]!, identity)
  const lines = [...some, withdrawn].map(({ json }) => json)
  lines.splice(600, 0, '{', lines[9]!.replace('Lions', 'Tigers'))
  const refused: [number, string][] = []
  const store = await newStore(t)
  const counts = await importRecords(lines, store, {
    catalogId: 1,
    onRefused: (error, line) => refused.push([line, (error as P2pShareError).code]),
  })
  t.deepEqual(counts, { added: count, replaced: 0, withdrawn: 1, unchanged: 0, refused: 2 })
  t.deepEqual(refused, [
    [601, 'ERR_INVALID_JSON'],
    [602, 'ERR_BAD_SIGNATURE'],
  ])
  const here = await newStore(t)
  await here.apply([...some, withdrawn], { catalogId: 1 })
  t.deepEqual(await store.recordsOf(1, { limit: 2_000 }), await here.recordsOf(1, { limit: 2_000 }))
  for (const text of [
    'film1299',
    'film12*',
    '"film600 zubr"',
    'zubr',
    'title:lions',
    'tag:zoo section:video',
  ])
    t.deepEqual((await store.search({ text })).total, (await here.search({ text })).total, text)
})

test('a word is known though the first listing that has it was passed over', async t => {
  const store = await newStore(t)
  const blocked = generateIdentity()
  await store.blockPublisher(blocked.publicKey, new Date())
  const refused = Array.from({ length: 200 }, (_, number) =>
    signListing(sampleDraft({ description: `rare${number}`, magnet: sampleMagnet(number) }), blocked),
  )
  const taken = listings(number => `rare${number % 200}`)
  const lines = [...refused, ...taken].map(({ json }) => json)
  t.like(await importRecords(lines, store, { catalogId: 1 }), { added: count, refused: 200 })
  t.is((await store.search({ text: 'rare17*' })).total, 67)
})

test.serial('an import that is aborted while threads read says so, and its threads end', async t => {
  const store = await newStore(t)
  const abort = new AbortController()
  const lines = listings(String).map(({ json }) => json)
  let read = 0
  const slowly = (function* () {
    for (;;) {
      if (++read === 3_000) abort.abort(new Error('enough'))
      yield lines[read % count]!
    }
  })()
  await t.throwsAsync(importRecords(slowly, store, { catalogId: 1, signal: abort.signal }), {
    message: 'enough',
  })
  t.false(process.getActiveResourcesInfo().includes('MessagePort'))
})
