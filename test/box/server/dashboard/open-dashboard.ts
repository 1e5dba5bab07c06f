import test, { type ExecutionContext } from 'ava'
import type { Browser, Page } from 'puppeteer-core'
import type { TransferView } from '../../../../src/box/index.ts'
import { openView, startBrowser, type View, type ViewInit } from '../../../kit/browser.ts'
import { type FakeBox, type FakeBoxInit, startFakeBox } from '../../../kit/fake-box.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const undone: (() => void | PromiseLike<void>)[] = []
let started: Promise<Browser> | undefined
test.after.always(async () => {
  for (const undo of undone.reverse()) await undo()
})

/** One browser for all tests of a file. */
export function sharedBrowser(): Promise<Browser> {
  started ??= startBrowser({ teardown: undo => undone.push(undo) })
  return started
}

/** The page of a box that only says what the test has it say. */
export async function openDashboard(
  t: ExecutionContext,
  init: FakeBoxInit = {},
  view: ViewInit & { hash?: string } = {},
): Promise<View & { readonly box: FakeBox }> {
  const box = await startFakeBox(t, init)
  const { page, complaints } = await openView(t, await sharedBrowser(), view)
  await page.goto(`${box.url}/${view.hash ?? ''}`)
  await page.waitForSelector('h1')
  await waitUntil('the page listens', () => box.listeners === 1)
  return { box, page, complaints }
}

export const rowOf = (id: number): string => `.rows .row[data-id="${id}"]`

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, element => element.textContent?.trim() ?? '')

/** Resolves once a part of the page says so. */
export async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)})`,
  )
}

/** A transfer of which some bytes are here. */
export const fetching = (haveBytes: number): Partial<TransferView> => ({
  state: 'downloading',
  haveBytes,
  peers: 3,
  downloadBytesPerSecond: 120_000,
  doneAt: undefined,
})
