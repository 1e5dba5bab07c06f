import test from 'ava'
import { requireProgram } from '../../../kit/external.ts'
import { fakeTransfer } from '../../../kit/fake-box.ts'
import { waitUntil } from '../../../kit/wait-until.ts'
import { openDashboard, rowOf, shows, textOf } from './open-dashboard.ts'

const steering = 'POST /transfers/steer'
const outcome = (done: number, rest = {}) => ({ [steering]: { done, failed: [], left: 0, ...rest } })
const some = (count: number) => Array.from({ length: count }, (_, index) => fakeTransfer(index + 1))

test('several that are selected are paused by one request', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page, complaints } = await openDashboard(t, { transfers: some(3), outcomes: outcome(2) })
  await page.waitForSelector(rowOf(1))
  for (const id of [1, 3]) await page.click(`${rowOf(id)} input`)
  t.is(await textOf(page, '.picked'), '2 selected')
  await page.click('.picked-bar ::-p-text(Pause)')
  await shows(page, '#notices', '2 transfers paused.')
  t.deepEqual(box.asked, [{ what: steering, body: { ids: [1, 3], do: 'pause' } }])
  t.deepEqual(complaints, [])
})

test('thousands that are selected are steered by few requests, and those that fail are told of', async t => {
  if (!requireProgram(t, 'chromium')) return
  const failed = [{ id: 7, code: 'ERR_DATABASE', detail: 'The database cannot be written' }]
  const { box, page } = await openDashboard(t, {
    transfers: some(1_200),
    outcomes: outcome(399, { failed }),
  })
  await page.waitForSelector(rowOf(1_200))
  await page.click('.heads input')
  t.is(await textOf(page, '.picked'), '1,200 selected')
  await page.click('.picked-bar ::-p-text(Resume)')
  await shows(page, '#notices', '3 transfers could not be resumed: The database cannot be written')
  t.is(box.asked.length, 3)
  const ids = box.asked.flatMap(({ body }) => (body as { ids: number[] }).ids)
  t.is(new Set(ids).size, 1_200)
})

test('what is selected but hidden by a filter is counted before anything is done with it', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t, { transfers: some(3) })
  await page.waitForSelector(rowOf(1))
  for (const id of [1, 3]) await page.click(`${rowOf(id)} input`)
  await page.type('.search-field input', 'clip 3')
  await shows(page, '.picked', '2 selected, 1 not shown')
  t.true(await page.$eval('.heads input', input => (input as unknown as { checked: boolean }).checked))
})

test('on a phone all are selected from the bar, and its words are seen whole', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t, { transfers: some(2_000) }, { width: 375, height: 812 })
  await page.waitForSelector(rowOf(2_000))
  await page.click(`${rowOf(2_000)} input`)
  await page.click('.picked-bar .narrow-only')
  await page.type('.search-field input', 'clip 1999')
  await shows(page, '.picked', '2,000 selected, 1,999 not shown')
  const outside = await page.$$eval('.picked-bar *', parts =>
    parts
      .filter(part => {
        const { left, right } = part.getBoundingClientRect()
        return left < 0 || right > 375 || part.scrollWidth > part.clientWidth + 1
      })
      .map(part => part.outerHTML),
  )
  t.deepEqual(
    outside.filter(html => html.startsWith('<button') || html.startsWith('<span class="picked')),
    [],
  )
})

test('nothing is removed before it is confirmed, and no file is deleted unless that is asked for', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { box, page } = await openDashboard(t, {
    transfers: [fakeTransfer(1), fakeTransfer(2), fakeTransfer(3, { kind: 'share' })],
    outcomes: outcome(1),
  })
  const remove = async (id: number) => {
    await page.waitForFunction("!document.querySelector('dialog')")
    await page.click(`${rowOf(id)} input`)
    await page.click('.picked-bar .danger')
    await shows(page, 'dialog', `Clip ${id}.avi`)
  }
  const confirm = async () => {
    await page.click('dialog [type=submit]')
    return (await waitUntil('it is asked for', () => box.asked.shift())).body
  }
  await page.waitForSelector(rowOf(1))
  await remove(1)
  t.is(await page.evaluate('document.activeElement.textContent'), 'Cancel')
  await page.keyboard.press('Enter')
  await page.waitForFunction("!document.querySelector('dialog')")
  t.deepEqual(box.asked, [])

  await page.click('.picked-bar .danger')
  t.deepEqual(await confirm(), { ids: [1], do: 'remove', data: false })
  await remove(2)
  await page.click('dialog input[type=checkbox]')
  t.deepEqual(await confirm(), { ids: [2], do: 'remove', data: true })
  await remove(3)
  t.is(await page.$('dialog input'), null, 'of a share no file is ever deleted')
  t.deepEqual(await confirm(), { ids: [3], do: 'remove', data: false })
})

test('labels choose what is listed, are taken off and put on', async t => {
  if (!requireProgram(t, 'chromium')) return
  const changing = 'PATCH /transfers/1'
  const { box, page, complaints } = await openDashboard(t, {
    transfers: [
      fakeTransfer(1, { labels: ['zoo'] }),
      fakeTransfer(2, { labels: ['sea', '<b>zoo</b>'] }),
      fakeTransfer(3),
    ],
    outcomes: { [changing]: fakeTransfer(1, { labels: ['zoo', 'holiday', 'family'] }) },
  })
  await page.waitForSelector(rowOf(1))
  t.is(await textOf(page, `${rowOf(2)} .tags`), 'sea, <b>zoo</b>')
  await page.select('.label-choice', 'zoo')
  await page.waitForFunction("document.querySelectorAll('.rows .row').length === 1")
  await page.click(`${rowOf(1)} .name`)
  await shows(page, '.labels', 'zoo')
  await page.type('.label-form input', ' holiday, family,zoo')
  await page.keyboard.press('Enter')
  await shows(page, '.labels', 'family')
  t.deepEqual(box.asked.shift(), { what: changing, body: { labels: ['zoo', 'holiday', 'family'] } })
  await page.click('.labels button')
  await waitUntil('it is asked for', () => box.asked.length === 1)
  t.deepEqual(box.asked[0], { what: changing, body: { labels: ['holiday', 'family'] } })
  await page.waitForFunction("document.activeElement.matches('.label-form input')")
  await box.send('transfers', { changed: [fakeTransfer(1)] })
  await page.waitForFunction("document.querySelector('.labels').childElementCount === 0")
  await page.evaluate("location.hash = '#/'")
  await page.waitForFunction(
    "document.querySelectorAll('.rows .row').length === 3 && document.querySelectorAll('.label-choice option').length === 3",
  )
  t.deepEqual(
    complaints.filter(text => !text.includes('404') && !text.includes('ERR_ABORTED')),
    [],
  )
})

test('goals and limits are set in the detail, and what is not touched stays as it is to the byte', async t => {
  if (!requireProgram(t, 'chromium')) return
  const view = { uploadLimit: 499, downloadLimit: null, ratioGoal: null, seedSecondsGoal: 1_000 }
  const { box, page } = await openDashboard(
    t,
    { transfers: [fakeTransfer(1, view)] },
    { hash: '#/transfer/1' },
  )
  await page.click('#tab-limits')
  const values = () =>
    page.$$eval('.limits input', inputs => inputs.map(input => (input as unknown as { value: string }).value))
  t.deepEqual(await values(), ['', '0.499', '', '0.278'])
  await box.send('transfers', { changed: [fakeTransfer(1, { ...view, uploadLimit: 600 })] })
  await waitUntil('what somebody else has set is shown', async () => (await values())[1] === '0.6')
  const inputs = await page.$$('.limits input')
  await inputs[0]?.type('1')
  await inputs[2]?.type('2.5')
  await box.send('transfers', { changed: [fakeTransfer(1, { ...view, uploadLimit: 700 })] })
  await page.click('.limits [type=submit]')
  await waitUntil('it is asked for', () => box.asked.length === 1)
  t.deepEqual(box.asked[0], {
    what: 'PATCH /transfers/1',
    body: { downloadLimit: 1_000, uploadLimit: 600, ratioGoal: 2.5, seedSecondsGoal: 1_000 },
  })
})

test('what was refused is said in the dialog, and stays in its field to be put right', async t => {
  if (!requireProgram(t, 'chromium')) return
  const refusal = Response.json({ detail: 'This is no magnet link' }, { status: 400 })
  const { box, page } = await openDashboard(t, { outcomes: { 'POST /transfers': refusal } })
  await page.keyboard.press('a')
  await page.type('dialog textarea', 'magnet:?xt=one magnet:?xt=two')
  await page.click('dialog [type=submit]')
  await shows(page, 'dialog [role=alert]', 'This is no magnet link')
  t.is(box.asked.length, 2)
  t.is(
    await page.$eval('dialog textarea', field => (field as unknown as { value: string }).value),
    'magnet:?xt=one\nmagnet:?xt=two',
  )
})

test('marking a text with the mouse and letting go beside the dialog does not close it', async t => {
  if (!requireProgram(t, 'chromium')) return
  const { page } = await openDashboard(t)
  await page.keyboard.press('a')
  await page.type('dialog textarea', 'magnet:?xt=urn')
  const field = (await (await page.$('dialog textarea'))?.boundingBox())!
  await page.mouse.move(field.x + 40, field.y + 20)
  await page.mouse.down()
  await page.mouse.move(10, field.y + 20)
  await page.mouse.up()
  t.not(await page.$('dialog[open]'), null)
  await page.mouse.click(10, 10)
  await page.waitForFunction("!document.querySelector('dialog')")
  t.pass()
})
