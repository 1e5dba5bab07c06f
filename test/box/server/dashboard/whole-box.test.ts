import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { ElementHandle } from 'puppeteer-core'
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
  await page.click('.picked-bar button:nth-of-type(1)')
  await state('Paused')
  t.is(box.shelf.items()[0]?.state, 'paused')
  await page.click('.picked-bar button:nth-of-type(2)')
  await state('Sharing')

  await page.click('.rows .name')
  await page.waitForFunction("document.querySelector('td.main')?.textContent === 'clip.avi'")
  await page.waitForFunction("/pieces are here/.test(document.querySelector('.pieces').ariaLabel)")
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
