import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { ElementHandle, Page } from 'puppeteer-core'
import type { Box } from '../../../../src/box/index.ts'
import { startBox } from '../../../kit/box.ts'
import { openView, startBrowser } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'
import { sampleBytes, writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

async function visitBox(t: ExecutionContext) {
  const folder = await temporaryFolder(t)
  const settings = `[folders]\ndownloads = ${JSON.stringify(join(folder, 'got'))}\nuploads = ${JSON.stringify(join(folder, 'sent'))}\n`
  const started = await startBox(t, { settings })
  const view = await openView(t, await startBrowser(t))
  await view.page.goto(started.box.url)
  await view.page.waitForSelector('.empty h2')
  return { ...started, ...view, folder }
}

test('somebody adds a magnet, sees it arrive, pauses, resumes and removes it', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, complaints } = await visitBox(t)
  const swarm = await startSwarm(t)
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 1_500_000)
  const { magnetLink } = await swarm.seed(path)
  await page.keyboard.press('a')
  await page.type('dialog textarea', magnetLink)
  await page.click('dialog [type=submit]')
  const item = await waitUntil('it is in the box', () => box.shelf.items()[0])
  item.transfer?.addPeer(addressOf(swarm))
  const state = (words: string) =>
    page.waitForFunction(`document.querySelector('.rows .words')?.textContent === '${words}'`)
  await state('Sharing')
  t.is(await page.$eval('.rows .share', element => element.textContent), '100 %')
  await page.click('.rows input')
  await page.click('.picked-bar ::-p-text(Pause)')
  await state('Paused')
  t.is(box.shelf.items()[0]?.state, 'paused')
  await page.click('.picked-bar ::-p-text(Resume)')
  await state('Sharing')

  await page.click('.rows .name')
  await page.waitForFunction("document.querySelector('td.main')?.textContent === 'clip.avi'")
  await page.waitForFunction(
    "/pieces are here/.test(document.querySelector('.detail figcaption')?.textContent)",
  )
  await page.click('summary')
  await page.waitForFunction("document.querySelector('.qr').naturalWidth > 0")
  for (const tab of ['peers', 'trackers', 'log', 'limits']) {
    await page.click(`#tab-${tab}`)
    await page.waitForNetworkIdle({ idleTime: 50, concurrency: 1 })
  }
  await page.type('.limits input', '200')
  await page.click('.limits [type=submit]')
  await waitUntil('the limit is kept', () => box.shelf.items()[0]?.entry.limits.download === 200_000)

  await page.click('.detail-tools .danger')
  await page.click('dialog [type=submit]')
  await page.waitForSelector('.empty h2')
  t.deepEqual(box.shelf.items(), [])
  t.deepEqual(complaints, [])
})

test('files that somebody chooses are uploaded into an album and shared', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, folder, complaints } = await visitBox(t)
  const source = join(folder, 'mine')
  await mkdir(source)
  const names = ['one.jpg', 'two.jpg']
  for (const name of names) await writeFile(join(source, name), sampleBytes(300_000, name))
  await page.keyboard.press('a')
  const chooser = (await page.waitForSelector('#choose-files', {
    hidden: true,
  })) as unknown as ElementHandle<never>
  await chooser.uploadFile(...names.map(name => join(source, name)))
  await page.waitForFunction("document.querySelector('dialog h2')?.textContent === 'Share'")
  await page.$eval('dialog input', input => {
    ;(input as { value?: string }).value = 'Zoo'
  })
  await page.click('dialog [type=submit]')
  await page.waitForFunction("document.querySelector('.rows .words')?.textContent === 'Sharing'")
  const [item] = box.shelf.items()
  t.is(item?.name, 'Zoo')
  t.deepEqual(
    item?.transfer?.metainfo?.files.map(file => file.path),
    names.map(name => `Zoo/${name}`),
  )
  t.deepEqual(complaints, [])
})

test('the page tells of the box’s own slow hours, and of a mistake in its settings until that is put right', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { home, page } = await visitBox(t)
  const path = join(home, 'config', 'box.toml')
  const settings = await readFile(path, 'utf8')
  await writeFile(path, `${settings}[slow]\nhours = ["daily 00:00-24:00"]\nupload = "200K"\n`)
  await page.waitForFunction("document.getElementById('hours').textContent === 'Slow hours'")
  await writeFile(path, `${settings}[slow]\nhours = ["some day"]\n`)
  await page.waitForFunction(
    "/settings stay as they were/.test(document.querySelector('.box-notices').textContent)",
  )
  await writeFile(path, settings)
  await page.waitForFunction(
    "document.querySelector('.box-notices').hidden && document.getElementById('hours').hidden",
  )
  t.pass()
})

test('a folder that is dropped onto the page is an album, its folders too, and every byte is there', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, folder, complaints } = await visitBox(t)
  const trip = await mineAt(join(folder, 'mine', 'Our trip'))
  const devtools = await page.createCDPSession()
  const data = { items: [], files: [trip], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
  await shareAs(page, 'Our trip')
  await isWhole(t, box, folder)
  t.deepEqual(complaints, [])
})

test('a folder that is chosen is an album as well', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, folder, complaints } = await visitBox(t)
  const trip = await mineAt(join(folder, 'mine', 'Our trip'))
  await page.keyboard.press('a')
  const [chooser] = await Promise.all([
    page.waitForFileChooser(),
    page.click('dialog .choices:last-of-type button:last-of-type'),
  ])
  await chooser.accept([trip])
  await shareAs(page, 'Our trip')
  await isWhole(t, box, folder)
  t.deepEqual(complaints, [])
})

const tripFiles = {
  'one.jpg': 'one.jpg',
  'two & three.jpg': 'two & three.jpg',
  'day 2/one.jpg': 'day 2 - one.jpg',
  'day 2/evening/überraschung.jpg': 'day 2 - evening - überraschung.jpg',
}

/** A folder with folders in it, and what a system has put there for itself. */
async function mineAt(trip: string): Promise<string> {
  await mkdir(join(trip, 'day 2', 'evening'), { recursive: true })
  for (const name of Object.keys(tripFiles)) await writeFile(join(trip, name), sampleBytes(120_000, name))
  for (const name of ['.DS_Store', 'day 2/Thumbs.db']) await writeFile(join(trip, name), 'x')
  return trip
}

async function shareAs(page: Page, album: string): Promise<void> {
  await page.waitForFunction("document.querySelector('dialog h2')?.textContent === 'Share'")
  await page.waitForFunction(`document.querySelector('dialog input').value === '${album}'`)
  await page.click('dialog [type=submit]')
  await page.waitForFunction("document.querySelector('.rows .words')?.textContent === 'Sharing'")
}

/** Whether the box shares all of the trip, and holds the bytes that were dropped. */
async function isWhole(t: ExecutionContext, box: Box, folder: string): Promise<void> {
  const [item] = box.shelf.items()
  t.is(item?.name, 'Our trip')
  const paths = item?.transfer?.metainfo?.files.map(({ path }) => path)
  t.deepEqual(
    paths?.toSorted(),
    Object.values(tripFiles)
      .map(name => `Our trip/${name}`)
      .sort(),
  )
  for (const [from, to] of Object.entries(tripFiles)) {
    const sent = await readFile(join(folder, 'sent', 'Our trip', to))
    t.true(sent.equals(sampleBytes(120_000, from)), to)
  }
}
