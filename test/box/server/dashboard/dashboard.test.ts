import test, { type ExecutionContext } from 'ava'
import type { Browser, Page } from 'puppeteer-core'
import type { TransferView } from '../../../../src/box/index.ts'
import { openView, startBrowser, type ViewInit } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'
import { type FakeBoxInit, fakeTransfer, startFakeBox } from '../../../kit/fake-box.ts'
import { hostileTexts } from '../../../kit/hostile-texts.ts'
import { faintTexts, namelessControls } from '../../../kit/page-checks.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

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

async function openDashboard(
  t: ExecutionContext,
  init: FakeBoxInit = {},
  view: ViewInit & { hash?: string } = {},
) {
  const box = await startFakeBox(t, init)
  const { page, complaints } = await openView(t, await sharedBrowser(), view)
  await page.goto(`${box.url}/${view.hash ?? ''}`)
  await page.waitForSelector('h1')
  await waitUntil('the page listens', () => box.listeners === 1)
  return { box, page, complaints }
}

const rowOf = (id: number) => `.rows .row[data-id="${id}"]`
const textOf = (page: Page, selector: string) =>
  page.$eval(selector, element => element.textContent?.trim() ?? '')
const shows = (page: Page, selector: string, text: string) =>
  page.waitForFunction(
    `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)})`,
  )
const fetching = (haveBytes: number): Partial<TransferView> => ({
  state: 'downloading',
  haveBytes,
  peers: 3,
  downloadBytesPerSecond: 120_000,
  doneAt: undefined,
})

test('the list shows a transfer, and how it goes on as it happens', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, complaints } = await openDashboard(t, {
    transfers: [fakeTransfer(1), fakeTransfer(2, fetching(250_000))],
  })
  await page.waitForSelector(rowOf(2))
  t.is(await textOf(page, `${rowOf(2)} .share`), '25 %')
  t.is(await textOf(page, `${rowOf(2)} .down`), '120 kB/s')
  await page.evaluate(`kept = document.querySelector('${rowOf(2)}')`)
  await box.send('transfers', { changed: [fakeTransfer(2, fetching(755_000))], removed: [1] })
  await shows(page, `${rowOf(2)} .share`, '75 %')
  await page.waitForFunction(`!document.querySelector('${rowOf(1)}')`)
  t.true(
    await page.evaluate(`kept === document.querySelector('${rowOf(2)}')`),
    'the row is the one that was there',
  )
  await box.send('stats', {
    ...{ downloadBytesPerSecond: 1_500_000, uploadBytesPerSecond: 0 },
    notices: [{ about: 'transfers', message: 'The disk is full', transfers: 2 }],
  })
  await shows(page, '#rate-down', '1.5 MB/s')
  await shows(page, '.box-notices', '2 transfers: The disk is full')
  t.deepEqual(complaints, [])
})

test('a box without transfers says what to do', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page, complaints } = await openDashboard(t)
  await shows(page, '.empty', 'Nothing here yet')
  t.regex(await textOf(page, '.empty'), /Drop photos, videos or a folder/)
  t.deepEqual(complaints, [])
})

test('a magnet link is added with its labels', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, complaints } = await openDashboard(t)
  const { magnet } = fakeTransfer(9)
  await page.click('.view-head .primary')
  await page.type('dialog textarea', magnet)
  await page.type('dialog input[type=text]', 'zoo, holiday')
  await page.click('dialog [type=submit]')
  await page.waitForFunction("!document.querySelector('dialog')")
  t.deepEqual(box.asked, [
    { what: 'POST /transfers', body: { id: magnet, labels: ['zoo', 'holiday'], isPaused: false } },
  ])
  await shows(page, '#notices', '1 transfer added')
  t.deepEqual(complaints, [])
})

test('what is dropped onto the page is fetched where it is a torrent, and is asked a name for where it is media', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, complaints } = await openDashboard(t)
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer()
    for (const name of ['clip.torrent', 'one.jpg', 'two.jpg']) dataTransfer.items.add(new File(['abc'], name))
    for (const type of ['dragenter', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  })()`)
  await shows(page, 'dialog', '2 files, 6 B')
  t.deepEqual(box.asked.splice(0), [{ what: 'POST /transfers', body: { torrent: 'YWJj' } }])
  await page.keyboard.press('Enter')
  await shows(page, '#notices', 'is here and is shared')
  const asked = box.asked.map(({ what }) => what.replace(/Album%20of%20[\d-]+/, 'ALBUM'))
  t.deepEqual(asked.slice(0, 2).sort(), ['PUT /uploads/ALBUM/one.jpg', 'PUT /uploads/ALBUM/two.jpg'])
  t.deepEqual(asked.slice(2), ['POST /uploads/ALBUM/done'])
  t.deepEqual(box.asked[2]?.body, { location: 'keep' })
  t.deepEqual(complaints, [])
})

test('several that are selected are paused together', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, { transfers: [1, 2, 3].map(id => fakeTransfer(id)) })
  await page.waitForSelector(rowOf(1))
  for (const id of [1, 3]) await page.click(`${rowOf(id)} input`)
  t.is(await textOf(page, '.picked'), '2 selected')
  await page.click('.picked-bar button')
  await waitUntil('both are asked for', () => box.asked.length === 2)
  t.deepEqual(box.asked.map(({ what }) => what).sort(), [
    'POST /transfers/1/pause',
    'POST /transfers/3/pause',
  ])
})

test('nothing is removed before it is confirmed, and no file is deleted unless that is asked for', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, { transfers: [1, 2].map(id => fakeTransfer(id)) })
  await page.waitForSelector(rowOf(1))
  await page.click(`${rowOf(1)} input`)
  await page.click('.picked-bar .danger')
  await shows(page, 'dialog', 'Clip 1.avi')
  t.is(await page.evaluate('document.activeElement.textContent'), 'Cancel')
  await page.keyboard.press('Enter')
  await page.waitForFunction("!document.querySelector('dialog')")
  t.deepEqual(box.asked, [])

  await page.click('.picked-bar .danger')
  await page.click('dialog [type=submit]')
  await waitUntil('it is asked for', () => box.asked.length === 1)
  t.is(box.asked[0]?.what, 'DELETE /transfers/1?data=false')

  await page.waitForFunction("!document.querySelector('dialog')")
  await page.click(`${rowOf(2)} input`)
  await page.click('.picked-bar .danger')
  await page.click('dialog input[type=checkbox]')
  await page.click('dialog [type=submit]')
  await waitUntil('it is asked for', () => box.asked.length === 2)
  t.is(box.asked[1]?.what, 'DELETE /transfers/2?data=true')
})

test('names written by strangers are text wherever they stand', async t => {
  if (!requireProgram(t, 'chromium')) return
  const transfers = hostileTexts.map((name, index) =>
    fakeTransfer(index + 1, { name, reason: name, labels: [name], path: name }),
  )
  const files = hostileTexts.map((path, index) => ({
    ...{ number: index + 1, path, sizeBytes: 1, haveBytes: 1, priority: 4 },
  }))
  const { page, complaints } = await openDashboard(t, {
    transfers,
    answers: { '/transfers/1/files': { total: files.length, files } },
  })
  await page.waitForSelector(rowOf(1))
  const names = (await page.$$eval('.rows .name', links => links.map(link => link.textContent))) as string[]
  t.is(names.length, hostileTexts.length)
  t.true(names.includes(`"'><img src=x onerror=alert(1)>`))
  t.false(
    names.some(name => name.includes('\u202e')),
    'what turns the direction is made visible',
  )
  await page.click(`${rowOf(1)} .name`)
  await shows(page, '.detail td.main', 'script')
  t.is(await page.$('main img:not(.qr), main script, main item'), null)
  t.deepEqual(
    complaints.filter(text => !text.includes('404')),
    [],
  )
})

// Alone, for its time is told.
test.serial('5,000 transfers are painted at once, and only those that are seen', async t => {
  if (!requireProgram(t, 'chromium')) return
  const transfers = Array.from({ length: 5_000 }, (_, index) =>
    fakeTransfer(index + 1, { peers: 1, uploadBytesPerSecond: 1_000 }),
  )
  const box = await startFakeBox(t, { transfers })
  const { page, complaints } = await openView(t, await sharedBrowser())
  await page.evaluateOnNewDocument(`
    const watch = new MutationObserver(() => {
      if (!document.querySelector('.rows .row')) return
      watch.disconnect()
      requestAnimationFrame(() => setTimeout(() => { rowsMs = performance.now() }))
    })
    watch.observe(document, { childList: true, subtree: true })`)
  await page.goto(box.url)
  await page.waitForSelector(rowOf(5_000))
  await page.waitForFunction("typeof rowsMs === 'number'")
  const frameMs = (await page.evaluate(
    "performance.getEntriesByName('first-contentful-paint')[0].startTime",
  )) as number
  const rowsMs = (await page.evaluate('rowsMs')) as number
  t.log(`first paint after ${frameMs.toFixed(0)} ms, with the transfers after ${rowsMs.toFixed(0)} ms`)
  t.true((await page.$$('.rows .row')).length < 60)

  const changed = transfers.map(view => ({ ...view, uploadBytesPerSecond: 2_000 }))
  await page.evaluate(`
    longest = 0
    new PerformanceObserver(list => { for (const { duration } of list.getEntries()) longest = Math.max(longest, duration) })
      .observe({ type: 'longtask' })`)
  await box.send('transfers', { changed, removed: [] })
  await shows(page, `${rowOf(5_000)} .up`, '2.0 kB/s')
  t.log(`a change of all 5,000 holds the page up for ${await page.evaluate('Math.round(longest)')} ms`)
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await page.waitForSelector(rowOf(1))
  t.true((await page.$$('.rows .row')).length < 60)
  await page.type('.search-field input', 'clip 4321')
  await page.waitForFunction("document.querySelectorAll('.rows .row').length === 1")
  t.is(await textOf(page, '.rows .name'), 'Clip 4321.avi')
  t.deepEqual(complaints, [])
})

test('while the box is away the page says so, and goes on by itself', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, { transfers: [fakeTransfer(1)] })
  await box.goAway()
  await shows(page, '#away', 'The box does not answer')
  t.not(await page.$(rowOf(1)), null, 'what was there can still be read')
  box.comeBack()
  await page.waitForFunction("document.getElementById('away').textContent === ''")
  t.is(box.listeners, 1)
})

test('everything in the list can be done with keys', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, { transfers: [1, 2, 3].map(id => fakeTransfer(id)) })
  await page.waitForSelector(rowOf(1))
  await page.keyboard.press('?')
  await shows(page, 'dialog', 'Pause or resume')
  await page.keyboard.press('Escape')
  await page.waitForFunction("!document.querySelector('dialog')")
  for (const key of ['j', 'j', 'x', 'p'] as const) await page.keyboard.press(key)
  await waitUntil('it is asked for', () => box.asked.length === 1)
  t.is(box.asked[0]?.what, 'POST /transfers/2/pause')
  await page.keyboard.press('/')
  await page.keyboard.type('clip 3')
  await page.waitForFunction("document.querySelectorAll('.rows .row').length === 1")
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await shows(page, 'h1', 'Clip 3.avi')
})

const answers = {
  '/history': {
    ...{ span: 'hour', stepSeconds: 10, uploadedBytes: 5e9, downloadedBytes: 1e9 },
    steps: Array.from({ length: 300 }, (_, index) => ({
      at: new Date(Date.now() - (300 - index) * 10_000).toISOString(),
      seconds: 10,
      uploadBytesPerSecond: 1e6 + 5e5 * Math.sin(index / 20),
      downloadBytesPerSecond: 5e5 + 4e5 * Math.cos(index / 15),
      peers: 4,
    })),
  },
  '/transfers/2/files': {
    total: 1,
    files: [{ number: 1, path: 'a/b.avi', sizeBytes: 1_000_000, haveBytes: 250_000, priority: 4 }],
  },
  '/transfers/2/pieces': { pieceCount: 16, pieceLength: 65_536, have: 'qqo=' },
  '/following': { sources: [] },
  '/plan': { fetch: [], keep: [], drop: [], leftOut: [] },
  '/search': { total: 0, isTotalExact: true, listings: [] },
}

for (const scheme of ['light', 'dark'] as const)
  test(`on a phone with ${scheme} colours no page scrolls sideways, all text can be read and all controls have names`, async t => {
    if (!requireProgram(t, 'chromium')) return
    const { page, complaints } = await openDashboard(
      t,
      {
        transfers: [
          fakeTransfer(1),
          fakeTransfer(2, fetching(250_000)),
          fakeTransfer(3, { state: 'failed', reason: 'The disk is full' }),
        ],
        answers,
      },
      { width: 375, height: 812, scheme },
    )
    for (const hash of ['#/', '#/transfer/2', '#/activity', '#/following', '#/search']) {
      await page.evaluate(`location.hash = '${hash}'`)
      await page.waitForSelector('#view h1')
      await page.waitForNetworkIdle({ idleTime: 100, concurrency: 1 })
      t.true(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= 375, hash)
      t.deepEqual(await page.evaluate(faintTexts), [], hash)
      t.deepEqual(await page.evaluate(namelessControls), [], hash)
    }
    t.deepEqual(complaints, [])
  })
