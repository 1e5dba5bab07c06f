import { openView, startBrowser } from '../../test/kit/browser.ts'
import { findProgram } from '../../test/kit/external.ts'
import { Teardown } from '../teardown.ts'

/**
 * How long a browser that has never seen the page takes from being sent there until transfers are drawn, in milliseconds; empty where
 * there is no browser.
 */
export async function firstPaints(url: string, rounds: number): Promise<number[]> {
  if (!findProgram('chromium')) return []
  await using all = new Teardown()
  const browser = await startBrowser(all)
  const tookMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    await using one = new Teardown()
    const { page } = await openView(one, browser)
    const begun = performance.now()
    await page.goto(url, { waitUntil: 'domcontentloaded' })
    await page.waitForSelector('.rows .row', { visible: true })
    // The frame that they are drawn in has ended.
    await page.evaluate('new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))')
    tookMs.push(performance.now() - begun)
  }
  return tookMs
}
