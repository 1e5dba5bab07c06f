import test from 'ava'
import { formOf } from '../../../kit/form.ts'
import { makeTorrent } from '../../../kit/made-torrent.ts'
import { sampleDraft, sampleMagnet } from '../../../kit/sample-listing.ts'
import { startSite } from '../../../kit/site.ts'

const fields = {
  title: 'Lions at the zoo',
  description: 'A morning.\n\nThe lions were awake.',
  section: 'video',
  tags: 'Zoo, animals',
  license: 'CC-BY-4.0',
  creator: 'Ann',
  email: 'ann@example.org',
  magnet: sampleMagnet(1),
}

test('what is submitted has a page of its own, for whoever knows its secret', async t => {
  const { ask } = await startSite(t)
  const answer = await ask('/submit', formOf(fields))
  t.is(answer.status, 303)
  const path = answer.headers.get('location') ?? ''
  t.regex(path, /^\/submission\/\d+\/[\w-]{43}$/)
  const page = await ask(path)
  t.is(page.status, 200)
  t.is(page.headers.get('cache-control'), 'no-store')
  t.is(page.headers.get('referrer-policy'), 'no-referrer')
  t.true((await page.text()).includes('Lions at the zoo'))
  t.is((await ask(`${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`)).status, 404)
})

test('what is wrong is said beside its field, and everything that was typed is kept', async t => {
  const { ask, site } = await startSite(t)
  const answer = await ask('/submit', formOf({ ...fields, title: '', license: 'my own', email: 'nobody' }))
  t.is(answer.status, 422)
  const page = await answer.text()
  for (const field of ['title', 'license', 'email']) {
    t.true(page.includes(`id="${field}-problem"`), field)
    t.regex(page, new RegExp(`<input[^>]*id="${field}"[^>]*aria-invalid="true"`))
    t.true(page.includes(`href="#${field}"`), 'the summary leads to the field')
  }
  for (const kept of [
    'value="my own"',
    'value="Zoo, animals"',
    'value="nobody"',
    'A morning.\n\nThe lions were awake.',
    '<option value="video" selected>',
  ])
    t.true(page.includes(kept), kept)
  t.deepEqual(await site.desk.list(), [])
})

test('a .torrent can be given instead of a magnet link, and a torrent that is known is pointed out', async t => {
  const { ask, site } = await startSite(t)
  const torrent = makeTorrent('lions.mp4', new Uint8Array(40_000), 16_384)
  const listed = await site.catalog.publish(
    sampleDraft({ magnet: `magnet:?xt=urn:btih:${torrent.infoHash}` }),
  )
  const answer = await ask(
    '/submit',
    formOf({ ...fields, magnet: '', torrent: new File([new Uint8Array(torrent.bytes)], 'lions.torrent') }),
  )
  t.is(answer.status, 303)
  t.true((await (await ask(answer.headers.get('location')!)).text()).includes(`/listing/${listed.id}`))
  const both = await ask(
    '/submit',
    formOf({ ...fields, torrent: new File([new Uint8Array(torrent.bytes)], 'lions.torrent') }),
  )
  t.is(both.status, 422)
})

test('what fills in the field that people do not see is thanked, and forgotten', async t => {
  const { ask, site } = await startSite(t)
  const answer = await ask('/submit', formOf({ ...fields, website: 'https://spam.example' }))
  t.is(answer.status, 200)
  t.true((await answer.text()).includes('Thank you'))
  t.deepEqual(await site.desk.list(), [])
})

test('a form that another web site sends, and one that is too large, are refused with a page', async t => {
  const { ask } = await startSite(t)
  const form = formOf(fields)
  const foreign = await ask('/submit', {
    ...form,
    headers: { ...form.headers, origin: 'https://evil.example' },
  })
  t.is(foreign.status, 403)
  t.true((await foreign.text()).includes('<h1>That is not allowed</h1>'))
  const headers = { accept: 'text/html', 'content-type': 'multipart/form-data; boundary=x' }
  const large = await ask('/submit', { method: 'POST', headers, body: new Uint8Array(14_000_000) })
  t.is(large.status, 413)
  t.true((await large.text()).includes('<h1>That is too large</h1>'))
})

test('whoever asks too much is told when to come back', async t => {
  const { ask } = await startSite(t, { rateLimit: { burst: 2, perSecond: 0.1 } })
  const page = () => ask('/', { headers: { accept: 'text/html' } })
  t.is((await page()).status, 200)
  t.is((await page()).status, 200)
  const refused = await page()
  t.is(refused.status, 429)
  t.is(refused.headers.get('retry-after'), '10')
  t.true((await refused.text()).includes('<h1>Too many requests</h1>'))
  t.is((await ask('/healthz')).status, 200)
})
