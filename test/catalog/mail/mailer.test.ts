import test, { type ExecutionContext } from 'ava'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import type { MailSettings } from '../../../src/catalog/mail/mail-settings.ts'
import { Mailer, type MailerInit } from '../../../src/catalog/mail/mailer.ts'
import { freePort } from '../../kit/free-port.ts'
import { startMailBox } from '../../kit/smtp.ts'
import { standingClock } from '../../kit/submission-desk.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const settingsFor = (port: number, changes: Partial<MailSettings> = {}): MailSettings => ({
  host: '127.0.0.1',
  port,
  user: undefined,
  password: undefined,
  security: 'none',
  from: 'The Zoo <zoo@example.org>',
  ...changes,
})

const notice = { kind: 'received', id: 7, url: 'http://127.0.0.1/submission/7/secret' } as const

async function startMailer(
  t: ExecutionContext,
  init: Omit<MailerInit, 'database' | 'siteName'>,
  path = ':memory:',
) {
  const database = await openDatabase(path)
  const mailer = new Mailer({ database, siteName: 'The Zoo', pollEveryMs: 10, ...init })
  t.teardown(() => database.close())
  t.teardown(() => mailer.stop())
  const queue = (recipient: string, about: Parameters<Mailer['queue']>[2] = notice) =>
    mailer.queue(database.db, recipient, about)
  const waiting = () => database.db.selectFrom('outgoing_mail').selectAll().execute()
  return { database, mailer, queue, waiting }
}

test('a mail goes out in plain text and HTML, signed in where the server asks for it', async t => {
  const box = await startMailBox(t, { user: 'zoo', password: 'päss' })
  const settings = settingsFor(box.port, { user: 'zoo', password: 'päss' })
  const { mailer, queue, waiting } = await startMailer(t, { settings })
  await queue('maker@example.org')
  mailer.start()
  await waitUntil('the mail is there', () => box.mails.length > 0)
  await waitUntil('nothing waits', async () => (await waiting()).length === 0)
  const [mail] = box.mails
  t.is(mail!.subject, 'Your submission 7 to The Zoo')
  t.is([mail!.to].flat()[0]!.value[0]!.address, 'maker@example.org')
  t.is(mail!.from!.value[0]!.address, 'zoo@example.org')
  t.true(mail!.text!.includes(notice.url))
  t.true((mail!.html || '').includes(`<a href="${notice.url}">`))
  t.is(mail!.headers.get('auto-submitted'), 'auto-generated')
})

test('without settings no mail is written', async t => {
  const { mailer, queue, waiting } = await startMailer(t, {})
  await queue('maker@example.org')
  mailer.start()
  t.deepEqual(await waiting(), [])
})

test('what people wrote ends no header, hides nothing and is no markup', async t => {
  const box = await startMailBox(t)
  const { mailer, queue } = await startMailer(t, { settings: settingsFor(box.port) })
  const title = 'Lions\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>\u202e'
  await queue('maker@example.org', {
    kind: 'rejected',
    id: 1,
    title,
    reason: '<b>no</b>\nreally',
    url: 'http://127.0.0.1/',
  })
  mailer.start()
  const mail = await waitUntil('the mail is there', () => box.mails[0])
  t.is(mail.headers.get('bcc'), undefined)
  t.is([mail.to].flat().length, 1)
  t.true(mail.subject!.startsWith('Not accepted by The Zoo: Lions␍␊Bcc: everybody@example.org'))
  t.false(mail.subject!.includes('\u202e'))
  t.true(mail.text!.includes('<b>no</b>\nreally'))
  t.true((mail.html || '').includes('&lt;b&gt;no&lt;/b&gt;'))
  t.false((mail.html || '').includes('<script>'))
})

test('a mail waits for its server, over a restart too, and is sent once by several mailers', async t => {
  const port = await freePort()
  const path = `${await temporaryFolder(t)}/catalog.db`
  const clock = standingClock()
  const problems: { willRetry: boolean; message: string }[] = []
  const init = {
    settings: settingsFor(port),
    now: clock,
    onProblem: (problem: (typeof problems)[0]) => problems.push(problem),
  }
  const before = await startMailer(t, init, path)
  await before.queue('maker@example.org')
  before.mailer.start()
  await waitUntil('it failed', () => problems.length > 0)
  t.true(problems[0]!.willRetry)
  t.false(JSON.stringify(problems).includes('maker'))
  await before.mailer.stop()
  const box = await startMailBox(t, { port })
  const after = await startMailer(t, init, path)
  before.mailer.start()
  after.mailer.start()
  for (let index = 0; index < 20; index++) await after.queue(`maker${index}@example.org`)
  clock.pass(60_000)
  await waitUntil('all are there', () => box.mails.length >= 21)
  await waitUntil('nothing waits', async () => (await after.waiting()).length === 0)
  t.is(new Set(box.mails.map(({ messageId }) => messageId)).size, 21)
  t.is(box.mails.length, 21)
})

test('a mail is given up after a day', async t => {
  const clock = standingClock()
  const problems: { willRetry: boolean }[] = []
  const settings = settingsFor(await freePort())
  const { mailer, queue, waiting } = await startMailer(t, {
    settings,
    now: clock,
    onProblem: problem => problems.push(problem),
  })
  await queue('maker@example.org')
  mailer.start()
  for (let tries = 1; (await waiting()).length > 0; tries++) {
    await waitUntil('it was tried', () => problems.length >= tries || undefined)
    const [mail] = await waitUntil('it is put back', async () => {
      const rows = await waiting()
      return rows.every(({ send_by }) => send_by === null) && rows
    })
    if (mail) clock.pass(mail.send_at - clock().getTime())
  }
  t.false(problems.at(-1)!.willRetry)
  t.true(problems.length > 10 && problems.length < 30, String(problems.length))
})

test('a password is not told to a server without TLS where TLS is demanded', async t => {
  const box = await startMailBox(t, { user: 'zoo', password: 'secret' })
  const problems: unknown[] = []
  const settings = settingsFor(box.port, { security: 'starttls', user: 'zoo', password: 'secret' })
  const { mailer, queue, waiting } = await startMailer(t, {
    settings,
    onProblem: problem => problems.push(problem),
  })
  await queue('maker@example.org')
  mailer.start()
  await waitUntil('it failed', () => problems.length > 0)
  t.is((await waiting()).length, 1)
  t.deepEqual(box.mails, [])
})
