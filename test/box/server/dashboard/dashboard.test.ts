import test from 'ava'
import { openView } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'
import { fakeTransfer, startFakeBox } from '../../../kit/fake-box.ts'
import { hostileTexts } from '../../../kit/hostile-texts.ts'
import { waitUntil } from '../../../kit/wait-until.ts'
import { fetching, openDashboard, rowOf, sharedBrowser, shows, textOf } from './open-dashboard.ts'

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
  await box.send('stats', { downloadBytesPerSecond: 1_500_000, uploadBytesPerSecond: 0, notices: [] })
  await shows(page, '#rate-down', '1.5 MB/s')
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

test('what somebody should look after stands above the list until it is put right, and is told once', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, { transfers: [fakeTransfer(1)] })
  await page.waitForSelector(rowOf(1))
  const rates = { downloadBytesPerSecond: 0, uploadBytesPerSecond: 0 }
  const full = { about: 'transfers', message: 'The disk is full', transfers: 2 }
  const waits = {
    about: 'restart',
    message: 'Start the box anew for these settings to hold: server.listen',
    transfers: 0,
  }
  await box.send('stats', { ...rates, notices: [full] })
  await shows(page, '.box-notices', '2 transfers: The disk is full')
  t.is(await textOf(page, '#said'), '2 transfers: The disk is full')
  await box.send('stats', { ...rates, notices: [full, waits] })
  await shows(page, '.box-notices', 'Start the box anew')
  t.is(await textOf(page, '#said'), 'Start the box anew for these settings to hold: server.listen')
  await box.send('stats', { ...rates, notices: [] })
  await page.waitForFunction("document.querySelector('.box-notices').hidden")
  t.pass()
})

test('slow hours are told of by the gauge and where limits are set', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, {
    answers: { '/limits': { uploadLimit: 100_000, downloadLimit: null } },
  })
  const rates = { downloadBytesPerSecond: 0, uploadBytesPerSecond: 0, notices: [] }
  const hoursChangeAt = new Date(Date.now() + 3_600_000).toISOString()
  await box.send('stats', { ...rates, isSlow: true, hoursChangeAt })
  await shows(page, '#hours', 'Slow hours until')
  await page.keyboard.press('l')
  await shows(page, 'dialog', 'Slow hours until')
  await page.keyboard.press('Escape')
  await box.send('stats', { ...rates, isSlow: false, hoursChangeAt })
  await page.waitForFunction("document.getElementById('hours').hidden")
  await page.keyboard.press('l')
  await shows(page, 'dialog', 'Slow hours from')
  t.pass()
})

test('what happens goes on to be told where the log is full', async t => {
  if (!requireProgram(t, 'chromium')) return
  const entry = (index: number) => ({
    ...{ at: new Date(1_700_000_000_000 + index * 60_000).toISOString(), what: 'state' },
    ...{ state: 'paused', reason: `Entry ${index}` },
  })
  const entries = Array.from({ length: 200 }, (_, index) => entry(index))
  const { page } = await openDashboard(
    t,
    { transfers: [fakeTransfer(1)], answers: { '/transfers/1/log': { entries } } },
    { hash: '#/transfer/1' },
  )
  await page.click('#tab-log')
  await shows(page, '.log li', 'Entry 199')
  entries.shift()
  entries.push(entry(200))
  await shows(page, '.log li', 'Entry 200')
  t.pass()
})

test('a page that nobody looks at leaves the box alone, and knows all when somebody does again', async t => {
  if (!requireProgram(t, 'chromium')) return
  const transfers = [fakeTransfer(1)]
  const box = await startFakeBox(t, { transfers })
  const { page } = await openView(t, await sharedBrowser())
  // Its minute is over at once; that this box is silent is never noticed.
  await page.evaluateOnNewDocument(`
    const later = setTimeout
    setTimeout = (work, ms) => later(work, ms === 60_000 ? 0 : ms === 15_000 ? 1e9 : ms)
    isHidden = false
    Object.defineProperty(document, 'hidden', { get: () => isHidden })`)
  await page.goto(box.url)
  await page.waitForSelector(rowOf(1))
  const look = (isHidden: boolean) =>
    page.evaluate(`isHidden = ${isHidden}; document.dispatchEvent(new Event('visibilitychange'))`)
  await look(true)
  // Sooner than anybody ends what has been silent for long.
  await waitUntil('it listens no more', () => box.listeners === 0, { timeoutMs: 10_000 })
  t.is(await textOf(page, '#away'), '')
  transfers.push(fakeTransfer(2))
  await look(false)
  await page.waitForSelector(rowOf(2))
  t.is(box.listeners, 1)
})

test('a text that is dragged within the page goes where it is dropped', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t, { transfers: [fakeTransfer(1)] })
  await page.waitForSelector(rowOf(1))
  const isTaken = (type: string) =>
    page.evaluate(`(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.setData('text/plain', 'zoo')
      const event = new DragEvent('${type}', { dataTransfer, bubbles: true, cancelable: true })
      document.querySelector('.search-field input').dispatchEvent(event)
      return event.defaultPrevented
    })()`)
  await isTaken('dragstart')
  t.false(await isTaken('dragenter'))
  t.is(await page.$('.drop-over:not([hidden])'), null)
  t.false(await isTaken('drop'))
  await isTaken('dragend')
  t.true(await isTaken('dragenter'))
})
