import test from 'ava'
import { requireProgram } from '../../../kit/external.ts'
import { fakeTransfer } from '../../../kit/fake-box.ts'
import { faintTexts, namelessControls } from '../../../kit/page-checks.ts'
import { waitUntil } from '../../../kit/wait-until.ts'
import { fetching, openDashboard, rowOf, shows } from './open-dashboard.ts'

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
  t.deepEqual(box.asked[0], { what: 'POST /transfers/steer', body: { ids: [2], do: 'pause' } })
  await page.keyboard.press('/')
  await page.keyboard.type('clip 3')
  await page.waitForFunction("document.querySelectorAll('.rows .row').length === 1")
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await shows(page, 'h1', 'Clip 3.avi')
})

test('whoever sets letters off without meaning to can switch them off, and this browser remembers', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t, { transfers: [fakeTransfer(1)] })
  await page.waitForSelector(rowOf(1))
  await page.keyboard.press('?')
  await page.click('dialog .check input')
  await page.keyboard.press('Escape')
  await page.reload()
  await page.waitForSelector(rowOf(1))
  for (const key of ['a', 'l', '?', 'j'] as const) await page.keyboard.press(key)
  t.is(await page.$('dialog'), null)
  await page.keyboard.press('ArrowDown')
  t.is(await page.evaluate('document.activeElement.textContent'), 'Clip 1.avi')
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
  '/transfers/2/peers': {
    peers: [{ address: '198.51.100.4:51413', source: 'dht', progress: 0.5, downloadBytesPerSecond: 9_000 }],
  },
  '/transfers/2/channels': {
    ...{ dht: { on: true, nodes: 9 }, lsd: { on: false }, pex: { on: true } },
    trackers: [{ url: 'udp://tracker.example:6969', status: 'failed', message: 'timed out' }],
  },
  '/transfers/2/log': { entries: [{ at: new Date().toISOString(), what: 'added', state: 'finding' }] },
  '/transfers/2/pieces': { pieceCount: 16, pieceLength: 65_536, have: 'qqo=' },
  '/following': {
    sources: [
      { kind: 'catalog', name: 'Zoo', wanted: 9, here: 3, wantedBytes: 9e9, hereBytes: 3e9 },
      { kind: 'feed', name: 'Sea', wanted: 0, here: 0, wantedBytes: 0, hereBytes: 0, problem: 'No answer' },
    ],
  },
  '/plan': {
    ...{ fetchCount: 1, leftOutCount: 1, usedBytes: 3e9, quotaBytes: 9e9, keep: [1] },
    fetch: [{ title: 'Otters', sizeBytes: 3e8, why: 'nobody else has it' }],
    drop: [{ id: 1, name: 'Old.avi', sizeBytes: 3e8, why: 'given 9 times' }],
    leftOut: [{ title: 'Large.avi', why: 'larger than the quota' }],
  },
  '/search': {
    ...{ total: 2, isTotalExact: true },
    listings: [fakeTransfer(1), fakeTransfer(9)].map(({ infoHash, magnet, name: title }, index) => ({
      ...{ id: `${index}`, number: index, title, description: 'By the river', section: 'nature', tags: [] },
      ...{ license: 'CC0-1.0', publishedAt: new Date().toISOString(), infoHash, magnet },
      ...{ sizeBytes: 3e8, fileCount: 1, seeds: index },
    })),
  },
}

const status = {
  ...{ downloadBytesPerSecond: 1e6, uploadBytesPerSecond: 2e6, isSlow: true },
  hoursChangeAt: new Date(Date.now() + 3_600_000).toISOString(),
  notices: [{ about: 'transfers', message: 'The disk is full', transfers: 2 }],
}

for (const [scheme, width] of [
  ['light', 375],
  ['dark', 375],
  ['light', 1280],
  ['dark', 1280],
] as const)
  test(`${width} pixels wide with ${scheme} colours no page scrolls sideways, all text can be read and all controls have names`, async t => {
    if (!requireProgram(t, 'chromium')) return
    const { box, page, complaints } = await openDashboard(
      t,
      {
        transfers: [
          fakeTransfer(1, { labels: ['zoo'] }),
          fakeTransfer(2, { ...fetching(250_000), labels: ['holiday', 'family'] }),
          fakeTransfer(3, { state: 'failed', reason: 'The disk is full' }),
          fakeTransfer(4, { state: 'paused', reason: 'The disk is full' }),
        ],
        answers: { ...answers, '/limits': { uploadLimit: null, downloadLimit: 1e6 } },
      },
      { width, height: 812, scheme },
    )
    const check = async (where: string) => {
      t.true(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= width, where)
      t.deepEqual(await page.evaluate(faintTexts), [], where)
      const nameless = (await page.evaluate(namelessControls)) as string[]
      t.deepEqual(
        nameless.filter(control => !control.includes(' hidden=""')),
        [],
        where,
      )
    }
    await box.send('stats', status)
    for (const hash of ['#/', '#/transfer/2', '#/activity', '#/following', '#/search']) {
      await page.evaluate(`location.hash = '${hash}'`)
      await page.waitForSelector('#view h1')
      await page.waitForNetworkIdle({ idleTime: 100, concurrency: 1 })
      await check(hash)
      if (hash !== '#/transfer/2') continue
      for (const tab of ['peers', 'trackers', 'log', 'limits']) {
        await page.click(`#tab-${tab}`)
        await page.waitForNetworkIdle({ idleTime: 100, concurrency: 1 })
        await check(tab)
      }
    }
    await page.evaluate("location.hash = '#/'")
    await page.waitForSelector(rowOf(1))
    for (const id of [1, 2, 3, 4]) {
      await page.click(`${rowOf(id)} input`)
      await check(`${id} selected`)
    }
    for (const key of ['a', 'l', '?', 'Delete'] as const) {
      await page.keyboard.press(key)
      await page.waitForSelector('dialog[open]')
      await check(`the dialog of ${key}`)
      await page.keyboard.press('Escape')
      await page.waitForFunction("!document.querySelector('dialog')")
    }
    await box.goAway()
    await shows(page, '#away', 'does not answer')
    await check('away')
    t.deepEqual(
      complaints.filter(text => !/404|503|ERR_ABORTED|ERR_INCOMPLETE/.test(text)),
      [],
    )
  })

test('whoever uses keys passes over the head without leaving the page that is shown', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t, { answers }, { hash: '#/activity' })
  await page.keyboard.press('Tab')
  t.is(await page.evaluate('document.activeElement.className'), 'skip')
  await page.keyboard.press('Enter')
  t.is(await page.evaluate('document.activeElement.id'), 'content')
  await shows(page, 'h1', 'Activity')
  await page.keyboard.press('Tab')
  t.is(await page.evaluate('document.activeElement.textContent'), 'Hour')
})

test('keys go on in the page that was opened, and back in the list at the row that it was opened from', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t, { transfers: [1, 2, 3].map(id => fakeTransfer(id)) })
  await page.waitForSelector(rowOf(1))
  for (const key of ['j', 'j', 'Enter'] as const) await page.keyboard.press(key)
  await shows(page, 'h1', 'Clip 2.avi')
  t.is(await page.evaluate('document.activeElement.id'), 'content')
  await page.keyboard.press('Escape')
  await shows(page, 'h1', 'Transfers')
  t.is(await page.evaluate('document.activeElement.textContent'), 'Clip 2.avi')
})

test('rows are heard in the order in which they are seen, and the focus stays where it is when that changes', async t => {
  if (!requireProgram(t, 'chromium')) return
  const names = ['c.avi', 'a.avi', 'b.avi']
  const { page } = await openDashboard(t, {
    transfers: names.map((name, index) => fakeTransfer(index + 1, { name })),
  })
  await page.waitForSelector(rowOf(1))
  const heard = () => page.$$eval('.rows .name', links => links.map(link => link.textContent))
  t.deepEqual(await heard(), ['b.avi', 'a.avi', 'c.avi'])
  for (const key of ['j', 'j', 'j'] as const) await page.keyboard.press(key)
  t.is(await page.evaluate('document.activeElement.textContent'), 'c.avi')
  await page.evaluate(`(() => {
    const order = document.querySelector('.order-field select')
    order.value = 'name'
    order.dispatchEvent(new Event('change'))
  })()`)
  await waitUntil('they are sorted', async () => String(await heard()) === 'a.avi,b.avi,c.avi')
  t.is(await page.evaluate('document.activeElement.textContent'), 'c.avi')
})
