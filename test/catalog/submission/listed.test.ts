import test from 'ava'
import { Catalog } from '../../../src/catalog/catalog.ts'
import { signListing } from '../../../src/catalog/listing/sign.ts'
import { Mailer } from '../../../src/catalog/mail/mailer.ts'
import { SubmissionDesk } from '../../../src/catalog/submission/submission-desk.ts'
import { createTorrent, generateIdentity } from '../../../src/core/index.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'
import { samplePoster } from '../../kit/sample-posters.ts'
import { sampleSubmission } from '../../kit/submission-desk.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const ada = { name: 'Ada' }
const from = { address: '192.0.2.7' }

test('what is accepted is in the catalog of the site, with its .torrent and its poster, and what is taken down is not', async t => {
  const catalog = await Catalog.open({ home: await temporaryFolder(t) })
  t.teardown(() => catalog.close())
  const { database, store } = catalog
  await catalog.create('The Zoo')
  const settings = { statusUrl: () => '', listingUrl: () => '' }
  const mailer = new Mailer({ database, siteName: 'The Zoo' })
  const desk = new SubmissionDesk({ database, store, catalog, ownCatalog: 'The Zoo', mailer, settings })
  const { metainfo } = await createTorrent({ name: 'zoo.avi', content: Buffer.from('lions') })
  const { id } = await desk.submit(sampleSubmission({ magnet: '', torrent: metainfo.bytes }), from)
  const poster = await samplePoster(1)
  const listing = await desk.accept(id, { poster }, ada)
  t.deepEqual(
    (await catalog.search('lions')).listings.map(found => found.id),
    [listing.id],
  )
  t.deepEqual(Buffer.from((await store.torrent(metainfo.infoHash!))!), Buffer.from(metainfo.bytes))
  t.deepEqual(Buffer.from((await store.poster(listing.poster!.sha256))!), Buffer.from(poster))
  const again = await desk.submit(sampleSubmission({ magnet: '', torrent: metainfo.bytes }), from)
  t.deepEqual(again.duplicates.listings, [listing.id])

  await desk.takeDown(listing.id, { note: 'asked for by its maker' }, ada)
  t.is(await store.byId(listing.id), undefined)
  await t.throwsAsync(desk.takeDown(listing.id, {}, ada), { code: 'ERR_NO_SUCH_LISTING' })

  const signed = signListing(sampleDraft({ title: 'Bears' }), generateIdentity())
  const other = await desk.submit({ listing: signed.json, email: 'maker@example.org' }, from)
  t.is((await desk.accept(other.id, {}, ada)).json, signed.json)
  await desk.block({ publisher: signed.publisher }, ada)
  t.is((await catalog.search('bears')).total, 0)
  const changes = await database.db.selectFrom('catalog_change').select('what').execute()
  const told = changes.filter(({ what }) => what === signed.id)
  t.is(told.length, 2, 'those who follow hear of both')
})
