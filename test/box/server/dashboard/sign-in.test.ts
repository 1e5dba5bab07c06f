import test, { type ExecutionContext } from 'ava'
import { startBox } from '../../../kit/box.ts'
import { openView, startBrowser } from '../../../kit/browser.ts'
import { requireProgram } from '../../../kit/external.ts'

/** A box that asks for its token. */
const startClosed = (t: ExecutionContext, publicUrl = 'http://box.localhost') =>
  startBox(t, { settings: `[server]\npublic_url = "${publicUrl}"\n` })

function signIn(url: string, token: string): Promise<Response> {
  return fetch(`${url}/sign-in`, { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' })
}

test('the token opens the box to a browser, a wrong one does not, and signing out shuts it', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box } = await startClosed(t)
  const browser = await startBrowser(t)
  const { page, complaints } = await openView(t, browser)
  await page.goto(box.url)
  t.is(page.url(), `${box.url}/sign-in`)
  await page.type('#token', 'not-the-token')
  await Promise.all([page.waitForNavigation(), page.click('.primary')])
  t.is(await page.$eval('#problem', element => element.textContent), 'That is not the token of this box.')
  t.deepEqual(await page.cookies(), [])
  t.true(
    complaints.every(text => text.includes('403')),
    String(complaints),
  )
  await page.type('#token', box.token.value)
  await Promise.all([page.waitForNavigation(), page.click('.primary')])
  t.is(page.url(), `${box.url}/`)
  await page.waitForSelector('.empty h2')
  t.is(await page.evaluate('document.cookie'), '', 'no script reads the cookie')
  await Promise.all([page.waitForNavigation(), page.click('form[action="/sign-out"] button')])
  t.is(page.url(), `${box.url}/sign-in`)
  await page.goto(box.url)
  t.is(page.url(), `${box.url}/sign-in`)
})

test('the cookie is for this site and for the server alone, and under https is sent nowhere else', async t => {
  for (const [publicUrl, isSecure] of [
    ['http://box.localhost', false],
    ['https://box.localhost', true],
  ] as const) {
    const { box } = await startClosed(t, publicUrl)
    const answer = await signIn(box.url, box.token.value)
    t.is(answer.status, 303)
    const cookie = answer.headers.get('set-cookie') ?? ''
    t.regex(cookie, /; HttpOnly/)
    t.regex(cookie, /; SameSite=Strict/)
    t.is(/; Secure/.test(cookie), isSecure)
    t.false(cookie.includes(box.token.value))
    const [shown = ''] = cookie.split(';')
    const inside = await fetch(`${box.url}/api/v1/transfers`, { headers: { cookie: shown } })
    t.is(inside.status, 200)
  }
})

test('who guesses tokens is soon told to wait', async t => {
  const { box } = await startClosed(t)
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess++) statuses.push((await signIn(box.url, `guess-${guess}`)).status)
  t.deepEqual(statuses.slice(0, 10), Array(10).fill(403))
  t.is(statuses.at(-1), 429)
})

test('a form of another site signs nobody in or out', async t => {
  const { box } = await startClosed(t)
  for (const path of ['/sign-in', '/sign-out']) {
    const answer = await fetch(box.url + path, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ token: box.token.value }),
      redirect: 'manual',
    })
    t.is(answer.status, 403)
    t.is(answer.headers.get('set-cookie'), null)
  }
})

test('a browser is sent to sign in, a program is asked for the password, and the page’s own requests for neither', async t => {
  const { box } = await startClosed(t)
  const ask = (path: string, headers: Record<string, string>) =>
    fetch(box.url + path, { headers, redirect: 'manual' })
  const looked = await ask('/', { accept: 'text/html' })
  t.is(looked.headers.get('location'), '/sign-in')
  const program = await ask('/api/v1/transfers', {})
  t.regex(program.headers.get('www-authenticate') ?? '', /^Basic/)
  const ownRequests: Record<string, string>[] = [
    { 'x-requested-with': 'dashboard' },
    { accept: 'text/event-stream' },
  ]
  for (const headers of ownRequests) {
    const answer = await ask('/api/v1/events', headers)
    t.is(answer.status, 401)
    t.is(answer.headers.get('www-authenticate'), null)
  }
})

test('nothing inline may run or style the pages, and nothing of another site is loaded', async t => {
  const { box } = await startBox(t)
  for (const path of ['/', '/sign-in']) {
    const answer = await fetch(box.url + path)
    const policy = answer.headers.get('content-security-policy') ?? ''
    t.regex(policy, /default-src 'none'/)
    t.notRegex(policy, /unsafe|data:|\*|https?:/)
    const text = await answer.text()
    t.notRegex(text, /<style|<script(?![^>]* src=)|\son\w+=|\sstyle=|https?:\/\//)
    const loaded = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, found]) => found!)
    t.true(loaded.length > 0)
    for (const file of new Set(loaded)) t.is((await fetch(box.url + file)).status, 200, file)
  }
})
