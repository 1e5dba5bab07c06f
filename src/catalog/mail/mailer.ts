import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely, Selectable } from 'kysely'
import type { Transporter } from 'nodemailer'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { CatalogSchema } from '../database/schema.ts'
import type { OutgoingMailTable } from '../database/tables/submissions.ts'
import { composeMail, type Notice } from './compose.ts'
import type { MailSettings } from './mail-settings.ts'

export interface MailerInit {
  readonly database: CatalogDatabase
  /** Without them no mail is written or sent. */
  readonly settings?: MailSettings | undefined
  /** What the mails call the site. */
  readonly siteName: string
  readonly now?: (() => Date) | undefined
  /** Pause between two looks at what waits. @default 5_000 */
  readonly pollEveryMs?: number | undefined
  /** Pause before the second attempt; it doubles up to two hours. @default 60_000 */
  readonly retryAfterMs?: number | undefined
  /** Called where a mail could not be sent, with the server's word for it and never with an address. */
  readonly onProblem?: ((problem: { willRetry: boolean; message: string }) => void) | undefined
}

const dayMs = 86_400_000
const maxRetryMs = 2 * 3_600_000
const leaseMs = 2 * 60_000
const timeoutMs = 20_000
const stopMs = 3_000
/** Mails that may wait: beyond them none are written, so that a broken server does not fill the disk. */
const maxWaiting = 10_000

/**
 * Sends mails out of a table, so that they survive a restart and an SMTP server that is away. Of several processes on one
 * database one sends a mail at a time; it is given up after a day.
 */
export class Mailer {
  readonly #database: CatalogDatabase
  readonly #init: MailerInit
  readonly #now: () => Date
  readonly #name = randomBytes(8).toString('hex')
  #transport: Promise<Transporter> | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isOn = false

  constructor(init: MailerInit) {
    this.#database = init.database
    this.#init = init
    this.#now = init.now ?? (() => new Date())
  }

  /** Puts a mail with what waits, in the transaction of what it tells of. */
  async queue(db: Kysely<CatalogSchema>, recipient: string, notice: Notice): Promise<void> {
    const { settings, siteName } = this.#init
    if (!settings) return
    const { count } = await db
      .selectFrom('outgoing_mail')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) >= maxWaiting) return
    const time = this.#now().getTime()
    const message_id = `<${randomBytes(16).toString('hex')}@${domainOf(settings.from)}>`
    await db
      .insertInto('outgoing_mail')
      .values({
        ...composeMail(notice, siteName),
        message_id,
        recipient,
        created_at: time,
        attempt_count: 0,
        send_at: time,
        send_until: 0,
      })
      .execute()
  }

  /** Begins to send; idempotent. */
  start(): void {
    if (this.#isOn || !this.#init.settings) return
    this.#isOn = true
    this.wake()
  }

  /** Looks at what waits now rather than at the next turn. */
  wake(): void {
    if (!this.#isOn || this.#running) return
    clearTimeout(this.#timer)
    this.#running = this.#sendAll()
      .catch(error => this.#init.onProblem?.({ willRetry: true, message: (error as Error).message }))
      .finally(() => {
        this.#running = undefined
        if (this.#isOn) this.#timer = setTimeout(() => this.wake(), this.#init.pollEveryMs ?? 5_000)
      })
  }

  /** Ends sending; a mail that is on its way is waited for, though not for long. Idempotent. */
  async stop(): Promise<void> {
    this.#isOn = false
    clearTimeout(this.#timer)
    await Promise.race([this.#running, delay(stopMs, undefined, { ref: false })])
    ;(await this.#transport)?.close()
    this.#transport = undefined
  }

  async #sendAll(): Promise<void> {
    while (this.#isOn) {
      const mail = await this.#claim()
      if (!mail) return
      await this.#send(mail)
    }
  }

  /** Takes a mail that is due so that no other process does. */
  async #claim(): Promise<Selectable<OutgoingMailTable> | undefined> {
    const now = this.#now().getTime()
    const { db } = this.#database
    const due = await db
      .selectFrom('outgoing_mail')
      .select('number')
      .where('send_at', '<=', now)
      .where('send_until', '<=', now)
      .orderBy('send_at')
      .limit(10)
      .execute()
    for (const { number } of due) {
      const claimed = await db
        .updateTable('outgoing_mail')
        .set({ send_by: this.#name, send_until: now + leaseMs })
        .where('number', '=', number)
        .where('send_until', '<=', now)
        .returningAll()
        .executeTakeFirst()
      if (claimed) return claimed
    }
    return undefined
  }

  async #send(mail: Selectable<OutgoingMailTable>): Promise<void> {
    const { db } = this.#database
    const isOurs = <T extends { where: (...of: ['send_by', '=', string]) => T }>(query: T) =>
      query.where('send_by', '=', this.#name)
    try {
      this.#transport ??= openTransport(this.#init.settings!)
      await (await this.#transport).sendMail({
        from: this.#init.settings!.from,
        to: { name: '', address: mail.recipient },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: mail.message_id,
        date: new Date(mail.created_at),
        // RFC 3834: so that nobody's absence note answers it.
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      await isOurs(db.deleteFrom('outgoing_mail').where('number', '=', mail.number)).execute()
    } catch (error) {
      const now = this.#now().getTime()
      const { retryAfterMs = 60_000, onProblem } = this.#init
      const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number }
      const isRefused =
        responseCode !== undefined && responseCode >= 550 && responseCode <= 554 && code === 'EENVELOPE'
      const pauseMs = Math.min(retryAfterMs * 2 ** Math.min(mail.attempt_count, 20), maxRetryMs)
      const willRetry = !isRefused && now + pauseMs < mail.created_at + dayMs
      if (willRetry)
        await isOurs(db.updateTable('outgoing_mail').where('number', '=', mail.number))
          .set({
            attempt_count: mail.attempt_count + 1,
            send_at: now + pauseMs,
            send_until: 0,
            send_by: null,
          })
          .execute()
      else await isOurs(db.deleteFrom('outgoing_mail').where('number', '=', mail.number)).execute()
      onProblem?.({ willRetry, message: `The SMTP server did not take a mail (${responseCode ?? code})` })
    }
  }
}

async function openTransport({ host, port, user, password, security }: MailSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
}
