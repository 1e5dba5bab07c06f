import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import { openView, startBrowser, type ViewInit } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'
import { makeTorrent } from '../../../kit/made-torrent.ts'
import { faintTexts, namelessControls } from '../../../kit/page-checks.ts'
import { sampleDraft, sampleMagnet } from '../../../kit/sample-listing.ts'
import { samplePoster } from '../../../kit/sample-posters.ts'
import { startSite } from '../../../kit/site.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

const undone: (() => void | PromiseLike<void>)[] = []
let started: Promise<Browser> | undefined
test.after.always(async () => {
  for (const undo of undone.reverse()) await undo()
})

/** One browser for all tests of this file. */
function sharedBrowser(): Promise<Browser> {
  started ??= startBrowser({ teardown: undo => undone.push(undo) })
  return started
}

/** A site with a listing that has a poster and one that has none, and a browser that looks at it. */
async function startVisit(t: ExecutionContext, view: ViewInit = {}) {
  const site = await startSite(t, { description: 'Films of the coast' })
  const poster = await samplePoster(3)
  const { id } = await site.site.catalog.publish(sampleDraft({ creator: 'Ann' }), { poster })
  await site.site.catalog.publish(
    sampleDraft({
      title: 'Brass band',
      description: '',
      section: 'music',
      tags: ['brass'],
      magnet: sampleMagnet(2),
    }),
  )
  return { ...site, id, ...(await openView(t, await sharedBrowser(), view)) }
}

async function press(page: Page, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)])
}

const textOf = (page: Page, selector: string) =>
  page.$eval(selector, element => element.textContent?.trim() ?? '')
const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth') as Promise<number>

for (const runsScripts of [true, false])
  test(`somebody searches, opens a listing and finds how to get it${runsScripts ? '' : ', with scripts switched off'}`, async t => {
    if (!requireProgram(t, 'chromium')) return
    const { page, url, id, complaints } = await startVisit(t, { runsScripts })
    await page.goto(url)
    await page.type('main input[type=search]', 'lions')
    await press(page, 'main form button')
    t.is(await textOf(page, 'h1'), 'Results for “lions”')
    t.is(await textOf(page, '.total'), '1 listing')
    await press(page, '.card a')
    t.is(page.url(), `${url}/listing/${id}`)
    t.is(await textOf(page, 'h1'), 'Lions at the zoo')
    t.regex(await page.$eval('a.primary', link => link.getAttribute('href') ?? ''), /^magnet:\?xt=urn:btih:/)
    t.is(await page.$eval('.stage img', image => (image as { naturalWidth?: number }).naturalWidth), 640)
    t.is((await page.$$('.copy button')).length, runsScripts ? 1 : 0)
    await page.click('.qr summary')
    await page.waitForFunction("document.querySelector('.qr img').naturalWidth > 0")
    t.deepEqual(complaints, [])
  })

test('somebody submits a .torrent, and a moderator signs in, corrects it and accepts it', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page, url, token, site, complaints } = await startVisit(t)
  const torrent = join(await temporaryFolder(t), 'harbour.torrent')
  await writeFile(torrent, makeTorrent('harbour.mp4', new Uint8Array(50_000), 16_384).bytes)
  await page.goto(`${url}/submit`)
  const file = (await page.$('#torrent')) as unknown as ElementHandle<never>
  await file.uploadFile(torrent)
  await page.type('#title', 'Harbour in winter')
  await page.select('#section', 'video')
  await page.type('#license', 'cc by 4.0')
  await page.type('#email', 'ann@example.org')
  await press(page, 'main button[type=submit]')
  t.is(await textOf(page, 'h1'), 'Your submission')
  const status = page.url()

  await page.goto(`${url}/review`)
  t.is(page.url(), `${url}/sign-in`)
  await page.type('#token', token)
  await press(page, 'main button[type=submit]')
  await press(page, '.queue a')
  t.regex(await textOf(page, '.files'), /harbour\.mp4\s*50 kB/)
  await page.type('#tags', 'sea, winter')
  await press(page, 'form[action$=edit] button')
  await press(page, 'form[action$=accept] button')
  await page.goto(`${url}/review/log`)
  t.regex(await textOf(page, 'tbody'), /accepted submission 1/)

  await page.goto(status)
  await press(page, 'a.primary')
  t.is(await textOf(page, 'h1'), 'Harbour in winter')
  const { listings } = await site.catalog.search({ text: 'harbour', catalogId: site.own.number })
  t.deepEqual(listings[0]?.tags, ['sea', 'winter'])
  t.is(listings[0]?.license, 'CC-BY-4.0')
  t.deepEqual(complaints, [])
})

for (const scheme of ['light', 'dark'] as const)
  test(`on a phone with ${scheme} colours no page scrolls sideways, and all text can be read`, async t => {
    if (!requireProgram(t, 'chromium')) return
    const { page, url, id, complaints } = await startVisit(t, { width: 375, height: 812, scheme })
    const paths = [
      '/',
      `/listing/${id}`,
      '/search?q=zoo',
      '/search?q=nothing',
      '/section/video',
      '/tag/zoo',
      '/submit',
      '/about',
      '/sign-in',
    ]
    for (const path of paths) {
      await page.goto(url + path, { waitUntil: 'load' })
      t.true((await widthOf(page)) <= 375, path)
      const faint = (await page.evaluate(faintTexts)) as string[]
      t.deepEqual(faint, [], path)
    }
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    t.is(ground, scheme === 'dark' ? 'rgb(18, 20, 19)' : 'rgb(250, 249, 247)')
    t.deepEqual(complaints, [])
  })

test('every page has one main heading, its headings in order, a name for every field, and a skip link first', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page, url, id } = await startVisit(t)
  for (const path of [
    '/',
    `/listing/${id}`,
    '/search?q=zoo',
    '/tag/zoo',
    '/submit',
    '/about',
    '/sign-in',
    '/nothing',
  ]) {
    await page.goto(url + path)
    const levels = (await page.evaluate(
      "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(heading => Number(heading.tagName[1]))",
    )) as number[]
    t.is(levels.filter(level => level === 1).length, 1, path)
    t.true(
      levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1),
      `${path}: ${levels}`,
    )
    t.deepEqual(await page.evaluate(namelessControls), [], path)
    await page.keyboard.press('Tab')
    t.is(await page.evaluate('document.activeElement.className'), 'skip', path)
  }
})
