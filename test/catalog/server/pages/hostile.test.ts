import test from 'ava'
import { encodeBencode } from '../../../../src/core/index.ts'
import { openView, startBrowser } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'
import { formOf } from '../../../kit/form.ts'
import { hostileTexts } from '../../../kit/hostile-texts.ts'
import type { Owner } from '../../../kit/owner.ts'
import { sampleDraft } from '../../../kit/sample-listing.ts'
import { type RunningSite, startSite } from '../../../kit/site.ts'

const attack = `"'><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`
const titles = [
  `${attack} \u202ecod.exe`,
  `</title><style>*{display:none}</style> ${'W'.repeat(130)}`,
  'javascript:document.title="owned"',
  'عنوان \u202e كاذب <b>',
]

/** Every field that takes free text is hostile, names of files too. */
async function hostileSite(owner: Owner): Promise<{ site: RunningSite; paths: string[] }> {
  const site = await startSite(owner, {
    name: `Site ${attack}`,
    description: attack,
    about: `${attack}\n\n${attack}`,
  })
  const paths = ['/', '/about', '/submit', '/sign-in', '/nothing', '/section/video']
  for (const [number, title] of titles.entries()) {
    const info = {
      length: 5,
      name: `${number}${attack}`,
      'piece length': 16_384,
      pieces: Buffer.alloc(20, number),
    }
    const { createHash } = await import('node:crypto')
    const infoHash = createHash('sha1').update(encodeBencode(info)).digest('hex')
    const listing = await site.site.catalog.publish(
      sampleDraft({
        title,
        creator: title,
        description: `${attack}\n\n${'x'.repeat(400)}\n${hostileTexts.map(text => text.toWellFormed()).join('\n')}`,
        tags: ['a+b', 'c.d #', 'ü-ñ'],
        magnet: `magnet:?xt=urn:btih:${infoHash}&dn=${attack}`,
      }),
      { torrent: encodeBencode({ info }) },
    )
    paths.push(
      `/listing/${listing.id}`,
      `/publisher/${listing.publisher}`,
      `/search?creator=${encodeURIComponent(title)}`,
    )
    paths.push(`/search?q=${encodeURIComponent(title)}`)
  }
  for (const text of [attack, ...hostileTexts]) {
    const words = encodeURIComponent(text.toWellFormed())
    paths.push(
      `/search?q=${words}&tag=${words}&license=${words}&creator=${words}&sort=${words}&page=${words}`,
      `/tag/${words}`,
    )
  }
  return { site, paths }
}

test('whatever a listing says, no page of it holds markup, script or a link that was not ours', async t => {
  const { site, paths } = await hostileSite(t)
  for (const path of paths) {
    const page = await site.read(path)
    t.deepEqual(page.match(/<script[^>]*>/g)?.length, 1, path)
    t.is(page.match(/<(?:style|iframe|object|embed|base|b)[ >]/g), null, path)
    t.is(page.match(/<img(?! src="\/)[^>]*>/g), null, path)
    for (const [tag] of page.matchAll(/<[a-z][^>]*>/g))
      t.false(/\son\w+\s*=/i.test(tag.replace(/"[^"]*"/g, '""')), tag)
    for (const [, href = ''] of page.matchAll(/\shref="([^"]*)"/g))
      t.regex(
        href,
        /^(?:\/(?!\/)|#|magnet:\?|https:\/\/(?:creativecommons|spdx)\.org\/|http:\/\/127\.0\.0\.1:\d+\/)/,
        path,
      )
  }
})

test('a form that is filled in with markup comes back as text', async t => {
  const site = await startSite(t)
  const fields = {
    title: attack,
    description: `</textarea>${attack}`,
    tags: attack,
    license: attack,
    email: attack,
    magnet: attack,
  }
  const answer = await site.ask('/submit', formOf(fields))
  t.is(answer.status, 422)
  const page = await answer.text()
  t.is(page.match(/<script[^>]*>/g)?.length, 1)
  t.is(page.match(/<img/g), null)
  t.is(page.match(/<\/textarea>/g)?.length, 1)
})

test('in a browser nothing of it runs, and no page is wider than a phone', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { site, paths } = await hostileSite(t)
  const { page, complaints } = await openView(t, await startBrowser(t), { width: 375, height: 700 })
  page.on('dialog', dialog => t.fail(dialog.message()))
  for (const path of paths) {
    await page.goto(site.url + path, { waitUntil: 'load' })
    t.not(await page.title(), 'owned', path)
    const width = await page.evaluate('document.documentElement.scrollWidth')
    t.true(Number(width) <= 375, `${path} is ${width} wide`)
  }
  t.deepEqual(
    complaints.filter(complaint => !/status of 40[04]/.test(complaint)),
    [],
  )
})
