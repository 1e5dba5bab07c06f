import type { ExecutionContext } from 'ava'
import { type Browser, type BrowserContext, launch, type Page } from 'puppeteer-core'
import { findProgram } from './external.ts'
import type { Owner } from './owner.ts'
import { temporaryFolder } from './temp-folder.ts'

const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface ViewInit {
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly scheme?: 'light' | 'dark' | undefined
  readonly runsScripts?: boolean | undefined
}

/** A page of a browser, with whatever it complained of. */
export interface View {
  readonly page: Page
  /** Errors and warnings of the console, breaches of the content security policy, requests that failed. */
  readonly complaints: readonly string[]
}

/** Starts a headless Chromium with a profile of its own; ask `requireProgram(t, 'chromium')` first. */
export async function startBrowser(owner: Owner): Promise<Browser> {
  const userDataDir = await temporaryFolder(owner, 'chromium')
  const executablePath = findProgram('chromium')
  if (!executablePath) throw new Error('There is no chromium')
  const browser = await launch({ executablePath, userDataDir, headless: true, args: quietly })
  owner.teardown(() => browser.close())
  return browser
}

/** Opens an empty page in a context without anybody's cookies. */
export async function openView(
  t: Pick<ExecutionContext, 'teardown'>,
  browser: Browser,
  { width = 1280, height = 900, scheme = 'light', runsScripts = true }: ViewInit = {},
): Promise<View> {
  const context: BrowserContext = await browser.createBrowserContext()
  t.teardown(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('requestfailed', request => complaints.push(`${request.url()} ${request.failure()?.errorText}`))
  await page.setViewport({ width, height })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.setJavaScriptEnabled(runsScripts)
  return { page, complaints }
}
