import test, { type ExecutionContext } from 'ava'
import { formOf } from '../../../kit/form.ts'
import { makeTorrent } from '../../../kit/made-torrent.ts'
import { samplePoster } from '../../../kit/sample-posters.ts'
import { type RunningSite, startSite } from '../../../kit/site.ts'

/** A moderator who is signed in, and something to decide on. */
async function startReview(t: ExecutionContext) {
  const site = await startSite(t)
  const signedIn = await site.ask('/sign-in', formOf({ token: site.token }))
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')
  const read = async (path: string) =>
    (await site.ask(path, { headers: { cookie, accept: 'text/html' } })).text()
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(await read('/review')) ?? []
  const send = (path: string, fields: Record<string, string | Blob>) => {
    const form = formOf({ csrf, ...fields })
    return site.ask(path, { ...form, headers: { ...form.headers, cookie } })
  }
  return { ...site, read, send, cookie, signedIn }
}

async function submit({ site }: Pick<RunningSite, 'site'>, name = 'lions.mp4') {
  const torrent = makeTorrent(name, new Uint8Array(40_000), 16_384)
  const { id, secret } = await site.desk.submit(
    {
      torrent: torrent.bytes,
      title: 'Lions',
      description: 'A morning.',
      section: 'video',
      tags: 'zoo',
      license: 'MIT',
      email: 'ann@example.org',
    },
    { address: '192.0.2.1' },
  )
  return { id, status: `/submission/${id}/${secret}` }
}

test('the pages of moderators are shown to nobody else', async t => {
  const { ask, site } = await startSite(t)
  const { id } = await submit({ site })
  for (const path of ['/review', '/review/log', '/review/blocked', `/review/${id}`]) {
    const answer = await ask(path)
    t.is(answer.status, 303, path)
    t.is(answer.headers.get('location'), '/sign-in')
  }
  for (const path of [`/review/${id}/accept`, '/review/block', '/review/take-down', '/sign-out'])
    t.is((await ask(path, formOf({}))).status, 401, path)
  const wrong = await ask('/sign-in', formOf({ token: 'guess' }))
  t.is(wrong.status, 403)
  t.is(wrong.headers.get('set-cookie'), null)
})

test('the cookie of a session is out of reach of scripts, other sites and, over HTTPS, of plain HTTP', async t => {
  const { signedIn, read } = await startReview(t)
  t.is(signedIn.status, 303)
  t.regex(
    signedIn.headers.get('set-cookie') ?? '',
    /^session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
  )
  t.true((await read('/review')).includes('Signed in as'))
  const secure = await startSite(t, { publicUrl: 'https://zoo.example.org' })
  const { headers } = await secure.ask('/sign-in', formOf({ token: secure.token }))
  t.regex(headers.get('set-cookie') ?? '', /^__Host-session=.*; Secure/)
})

test('a decision takes the token of the session, not its cookie alone', async t => {
  const review = await startReview(t)
  const { id } = await submit(review)
  t.is((await review.send(`/review/${id}/accept`, { csrf: 'guess' })).status, 403)
  t.is((await review.site.desk.get(id)).state, 'ready')
})

test('a submission is looked at, corrected, accepted with a poster, and listed in the catalog of the site', async t => {
  const { read, send, site, ask } = await startReview(t)
  const { id, status } = await submit({ site })
  t.true((await read('/review')).includes(`href="/review/${id}"`))
  const page = await read(`/review/${id}`)
  for (const words of ['lions.mp4', '40 kB', 'ann@example.org', 'value="Lions"'])
    t.true(page.includes(words), words)

  const wrong = await send(`/review/${id}/edit`, {
    title: '',
    section: 'video',
    license: 'MIT',
    tags: '',
    description: 'typed',
  })
  t.is(wrong.status, 422)
  const shown = await wrong.text()
  t.true(shown.includes('title-problem') && shown.includes('typed'))
  await send(`/review/${id}/edit`, {
    title: 'Lions, awake',
    section: 'photos',
    license: 'MIT',
    tags: 'zoo, cats',
    description: '',
  })
  const poster = new File([new Uint8Array(await samplePoster(4, 900, 600))], 'poster.webp')
  const accepted = await send(`/review/${id}/accept`, { poster })
  t.is(accepted.status, 303)

  const { listings } = await site.catalog.search({ catalogId: site.own.number })
  t.is(listings.length, 1)
  t.like(listings[0]!, { title: 'Lions, awake', section: 'photos', tags: ['zoo', 'cats'] })
  t.is((await ask(`/posters/${listings[0]!.poster!.sha256}.webp`)).status, 200)
  t.true((await (await ask(status)).text()).includes(`href="/listing/${listings[0]!.id}"`))
  t.regex(await read('/review/log'), /accepted <bdi>submission \d/)
})

test('a rejection tells its reason to the submitter and its note to moderators only', async t => {
  const { read, send, site, ask } = await startReview(t)
  const { id, status } = await submit({ site })
  await send(`/review/${id}/reject`, { reason: 'Not yours\n\nSorry', note: 'the third time' })
  const told = await (await ask(status)).text()
  t.true(told.includes('Not yours'))
  t.false(told.includes('the third time'))
  t.true((await read(`/review/${id}`)).includes('the third time'))
})

test('somebody is blocked and let in again, and a listing is taken down', async t => {
  const { read, send, site } = await startReview(t)
  const { id } = await submit({ site })
  await send('/review/block', { submission: String(id) })
  const blocked = await read('/review/blocked')
  const [, hash = ''] = /name="emailHash" value="([^"]+)"/.exec(blocked) ?? []
  t.true(blocked.includes('a…@example.org'))
  await t.throwsAsync(submit({ site }, 'again.mp4'), { code: 'ERR_NOT_AUTHORIZED' })
  await send('/review/unblock', { emailHash: hash })
  const { id: again } = await submit({ site }, 'again.mp4')

  const listing = await site.desk.accept(again, {}, { name: 'first' })
  await send('/review/take-down', { listing: listing.id, note: 'asked for' })
  t.is((await site.catalog.search({ catalogId: site.own.number })).total, 0)
  t.is((await send('/review/block', { publisher: 'x' })).status, 400)
})

test('signing out ends the session', async t => {
  const { ask, send, cookie } = await startReview(t)
  t.is((await send('/sign-out', {})).status, 303)
  t.is((await ask('/review', { headers: { cookie } })).status, 303)
})
