import test from 'ava'
import { openView } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'
import { fakeTransfer, startFakeBox } from '../../../kit/fake-box.ts'
import { openDashboard, rowOf, sharedBrowser, shows, textOf } from './open-dashboard.ts'

const countLongest = `
  longest = 0
  new PerformanceObserver(list => { for (const { duration } of list.getEntries()) longest = Math.max(longest, duration) })
    .observe({ type: 'longtask' })`

// Alone, for their times are told.
for (const many of [5_000, 20_000])
  test.serial(
    `${many.toLocaleString('en')} transfers are painted at once, and only those that are seen`,
    async t => {
      if (!requireProgram(t, 'chromium')) return
      const transfers = Array.from({ length: many }, (_, index) =>
        fakeTransfer(index + 1, {
          // In another order than they were added in.
          name: `Clip ${((index * 7_919) % many) + 1}.avi`,
          ...{ peers: 1, uploadBytesPerSecond: 1_000, labels: [`label ${index % 7}`] },
        }),
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
      await page.waitForSelector(rowOf(many))
      await page.waitForFunction("typeof rowsMs === 'number'")
      const frameMs = (await page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime",
      )) as number
      const rowsMs = (await page.evaluate('rowsMs')) as number
      t.log(`first paint after ${frameMs.toFixed(0)} ms, with the transfers after ${rowsMs.toFixed(0)} ms`)
      const isFew = async () => (await page.$$('.rows .row')).length < 60
      t.true(await isFew())

      await page.evaluate(countLongest)
      const changed = transfers.map(view => ({ ...view, uploadBytesPerSecond: 2_000 }))
      await box.send('transfers', { changed })
      await shows(page, `${rowOf(many)} .up`, '2.0 kB/s')
      t.log(`a change of all holds the page up for ${await page.evaluate('Math.round(longest)')} ms`)
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
      await page.waitForSelector(rowOf(1))
      t.true(await isFew())

      await page.evaluate('scrollTo(0, 0)')
      const tookMs = (selector: string, event: string, value: string) =>
        page.evaluate(`(() => {
          const control = document.querySelector('${selector}')
          control.value = '${value}'
          const fromMs = performance.now()
          control.dispatchEvent(new Event('${event}'))
          return Math.round(performance.now() - fromMs)
        })()`) as Promise<number>
      const took = {
        name: await tookMs('.order-field select', 'change', 'name'),
        again: await leastMs(() => tookMs('.order-field select', 'change', 'name')),
        up: await tookMs('.order-field select', 'change', 'up'),
        filter: await tookMs('.search-field input', 'input', 'clip 1'),
        all: await tookMs('.search-field input', 'input', ''),
      }
      t.log(
        `sorting by name, the same again, by sending, filtering, and all again take ${Object.values(took).join(', ')} ms`,
      )
      t.true(Math.max(...Object.values(took)) < 1_000)
      // As often as one is paused or done.
      if (many === 20_000) t.true(took.again < took.name / 2)
      await page.type('.search-field input', `clip ${many - 679}`)
      await page.waitForFunction("document.querySelectorAll('.rows .row').length === 1")
      t.is(await textOf(page, '.rows .name'), `Clip ${many - 679}.avi`)
      t.deepEqual(complaints, [])
    },
  )

test.serial('transfers that come and go leave nothing in the page', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, { transfers: [fakeTransfer(1)] })
  await page.waitForSelector(rowOf(1))
  const devtools = await page.createCDPSession()
  let next = 2
  const come = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const ids = Array.from({ length: 100 }, () => next++)
      await box.send('transfers', { changed: ids.map(id => fakeTransfer(id, { labels: [`label ${id}`] })) })
      await page.waitForSelector(rowOf(ids.at(-1)!))
      await page.evaluate(`location.hash = '#/transfer/${ids[0]}'`)
      await shows(page, '.detail h1', `Clip ${ids[0]}.avi`)
      await page.click('#tab-limits')
      await box.send('transfers', { removed: ids })
      await shows(page, '.empty h2', 'not here')
      await page.evaluate("location.hash = '#/'")
      await page.waitForSelector(rowOf(1))
    }
    await devtools.send('HeapProfiler.collectGarbage')
    const { Nodes: nodes = 0, JSEventListeners: listeners = 0 } = await page.metrics()
    return { nodes, listeners }
  }
  const before = await come(5)
  const after = await come(20)
  t.log(`${before.nodes} nodes and ${before.listeners} listeners, then ${after.nodes} and ${after.listeners}`)
  t.true(after.nodes < before.nodes * 1.2 + 100)
  t.true(after.listeners < before.listeners * 1.2 + 20)
})

/** Of a few tries, since others may be at work at the same moment. */
async function leastMs(measure: () => Promise<number>): Promise<number> {
  return Math.min(await measure(), await measure(), await measure())
}
