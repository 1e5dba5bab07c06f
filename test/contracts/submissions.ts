import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { signListing } from '../../src/catalog/listing/sign.ts'
import { countAttempt } from '../../src/catalog/moderation/attempts.ts'
import { isCsrf, Moderators } from '../../src/catalog/moderation/moderators.ts'
import { SubmissionError } from '../../src/catalog/submission/submission-problem.ts'
import { createTorrent, findHome, generateIdentity } from '../../src/core/index.ts'
import { writeSampleFile } from '../kit/sample-files.ts'
import { sampleDraft } from '../kit/sample-listing.ts'
import { startMailBox } from '../kit/smtp.ts'
import { ListedInMemory, makeDesk, sampleSubmission, standingClock } from '../kit/submission-desk.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type FindDatabasePlace, promisesOn } from './database-place.ts'

const ada = { name: 'Ada' }
const bob = { name: 'Bob' }
const from = { address: '192.0.2.7' }

async function sampleTorrent(): Promise<Uint8Array> {
  const content = Buffer.from(`lions ${Math.random()}`)
  const { metainfo } = await createTorrent({ name: 'zoo.avi', content })
  return metainfo.bytes
}

/** What a desk promises, whatever database it is on. */
export function submissionContract(name: string, place: FindDatabasePlace): void {
  const promise = promisesOn(name, place)

  promise('a .torrent is ready at once, and is listed once it is accepted', async (t, open) => {
    const { desk, catalog } = makeDesk(t, await open())
    const torrent = await sampleTorrent()
    const submitted = await desk.submit(sampleSubmission({ magnet: '', torrent }), from)
    t.is(submitted.state, 'ready')
    t.deepEqual(
      submitted.files?.map(({ path }) => path),
      ['zoo.avi'],
    )
    t.deepEqual(
      [submitted.title, submitted.tags, submitted.license],
      ['Lions at the zoo', ['zoo', 'animals'], 'CC-BY-4.0'],
    )
    t.is(submitted.description, 'A morning at the zoo.\n\nThe lions were awake.')
    const listing = await desk.accept(submitted.id, { note: 'fine' }, ada)
    t.is(listing.infoHash, submitted.infoHash)
    t.is(listing.publisher, (await catalog.identity()).publicKey)
    t.deepEqual(Buffer.from(catalog.torrents.get(listing.id)!), Buffer.from(torrent))
    const after = await desk.get(submitted.id)
    t.deepEqual(
      [after.state, after.decidedBy, after.listingId, after.hasTorrent],
      ['accepted', 'Ada', listing.id, false],
    )
    const [entry] = await desk.audit()
    t.deepEqual(
      [entry!.moderator, entry!.action, entry!.subject],
      ['Ada', 'accept', `submission ${submitted.id}`],
    )
  })

  promise('everything that is wrong with a form is told at once, by field', async (t, open) => {
    const { desk } = makeDesk(t, await open())
    const input = {
      torrent: Buffer.from('no torrent'),
      title: '',
      section: 'films',
      license: 'free',
      tags: '<b>',
      email: 'nobody',
    }
    const error = await t.throwsAsync(desk.submit(input, from), { instanceOf: SubmissionError })
    t.deepEqual(error.problems.map(({ field }) => field).sort(), [
      'email',
      'license',
      'section',
      'tags',
      'title',
      'torrent',
    ])
    t.deepEqual(await desk.list(), [])
  })

  promise('a signed listing keeps its publisher and signature', async (t, open) => {
    const { desk, catalog } = makeDesk(t, await open())
    const listing = signListing(sampleDraft(), generateIdentity())
    const { id, publisher, state } = await desk.submit(
      { listing: listing.json, email: 'maker@example.org' },
      from,
    )
    t.deepEqual([publisher, state], [listing.publisher, 'received'])
    await t.throwsAsync(desk.edit(id, { title: 'Other' }, ada), { code: 'ERR_NOT_AUTHORIZED' })
    const stored = await desk.accept(id, {}, ada)
    t.is(catalog.listings.get(stored.id)?.json, listing.json)
    const broken = desk.submit(
      { listing: listing.json.replace('Lions', 'Tigers'), email: 'maker@example.org' },
      from,
    )
    const error = await t.throwsAsync(broken, { instanceOf: SubmissionError })
    t.is(error.problems[0]?.field, 'listing')
  })

  promise('the same info-hash is pointed out, in the catalog and in the queue', async (t, open) => {
    const { desk } = makeDesk(t, await open())
    const torrent = await sampleTorrent()
    const input = sampleSubmission({ magnet: '', torrent })
    const first = await desk.submit(input, from)
    const second = await desk.submit(input, from)
    t.deepEqual(second.duplicates, { listings: [], submissions: [first.id] })
    const listing = await desk.accept(first.id, {}, ada)
    const third = await desk.submit(input, from)
    t.deepEqual(third.duplicates, { listings: [listing.id], submissions: [second.id, first.id] })
    t.deepEqual((await desk.statusFor(third.id, third.secret))?.duplicateListings, [listing.id])
  })

  promise(
    'too many of one address, of one e-mail address, or altogether are refused, on all servers',
    async (t, open) => {
      const now = standingClock()
      const settings = {
        perAddress: { count: 3, withinMs: 1_000 },
        perEmail: { count: 2, withinMs: 1_000 },
        maxOpen: 6,
      }
      const [one, other] = [
        makeDesk(t, await open(), { now, settings }),
        makeDesk(t, await open(), { now, settings }),
      ]
      const submit = (place: typeof one, address: string, email: string) =>
        place.desk.submit(sampleSubmission({ email }), { address })
      await submit(one, '2001:db8::1', 'a@example.org')
      await submit(other, '2001:db8::2', 'A@example.org')
      await t.throwsAsync(submit(one, '192.0.2.1', 'a@example.org'), { code: 'ERR_RATE_LIMITED' })
      await submit(one, '2001:db8::3', 'b@example.org')
      await t.throwsAsync(submit(other, '2001:db8::4', 'c@example.org'), { code: 'ERR_RATE_LIMITED' })
      now.pass(1_001)
      for (const index of [1, 2, 3]) await submit(other, '2001:db8::4', `d${index}@example.org`)
      await t.throwsAsync(submit(one, '192.0.2.9', 'e@example.org'), {
        code: 'ERR_RATE_LIMITED',
        message: /Too many submissions/,
      })
    },
  )

  promise('attempts are counted right however many come at once', async (t, open) => {
    const databases = [await open(), await open()]
    const now = new Date()
    const tries = Array.from({ length: 30 }, (_, index) =>
      countAttempt(databases[index % 2]!.db, ['try'], { count: 10, withinMs: 60_000 }, now).then(
        () => 1,
        () => 0,
      ),
    )
    const made = await Promise.all(tries)
    t.is(made.filter(Boolean).length, 10)
  })

  promise(
    'of moderators who decide at the same time one does, and the others are told so',
    async (t, open) => {
      const catalog = new ListedInMemory()
      const [one, other] = [makeDesk(t, await open(), { catalog }), makeDesk(t, await open(), { catalog })]
      for (let round = 0; round < 5; round++) {
        const { id } = await one.desk.submit(
          sampleSubmission({ magnet: '', torrent: await sampleTorrent() }),
          from,
        )
        const decisions = await Promise.allSettled([
          one.desk.accept(id, {}, ada),
          other.desk.accept(id, {}, bob),
          other.desk.reject(id, { reason: 'no' }, bob),
          one.desk.reject(id, { reason: 'no' }, ada),
        ])
        t.is(decisions.filter(({ status }) => status === 'fulfilled').length, 1)
        for (const decision of decisions)
          if (decision.status === 'rejected') t.is(decision.reason.code, 'ERR_ALREADY_DECIDED')
        const entries = (await one.desk.audit()).filter(({ subject }) => subject === `submission ${id}`)
        t.is(entries.length, 1)
      }
      await t.throwsAsync(one.desk.reject(99_999, { reason: 'no' }, ada), { code: 'ERR_NO_SUCH_SUBMISSION' })
      await t.throwsAsync(one.desk.reject(1, { reason: ' ' }, ada), { code: 'ERR_INVALID_ARGUMENT' })
    },
  )

  promise('a decision that was cut short is made again without a second listing', async (t, open) => {
    const now = standingClock()
    const { desk, catalog } = makeDesk(t, await open(), { now })
    const { id } = await desk.submit(sampleSubmission({ magnet: '', torrent: await sampleTorrent() }), from)
    const never = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    catalog.onAccept = () => {
      reached.resolve()
      return never.promise
    }
    const cut = desk.accept(id, {}, ada)
    await reached.promise
    await t.throwsAsync(desk.accept(id, {}, bob), { code: 'ERR_ALREADY_DECIDED' })
    catalog.onAccept = undefined
    now.pass(60_001)
    const listing = await desk.accept(id, {}, bob)
    never.resolve()
    await t.throwsAsync(cut, { code: 'ERR_ALREADY_DECIDED' })
    t.is(catalog.listings.size, 1)
    t.is(listing.revision, 2)
    t.is((await desk.get(id)).decidedBy, 'Bob')
  })

  promise('an edit is told with what was before and after, and shows in the listing', async (t, open) => {
    const { desk } = makeDesk(t, await open())
    const { id } = await desk.submit(sampleSubmission({ magnet: '', torrent: await sampleTorrent() }), from)
    const edited = await desk.edit(id, { section: 'photos', tags: ['Bears'], title: 'Lions at the zoo' }, ada)
    t.deepEqual([edited.section, edited.tags], ['photos', ['bears']])
    const [entry] = await desk.audit({ limit: 1 })
    t.deepEqual(entry!.detail, {
      before: { section: 'video', tags: ['zoo', 'animals'] },
      after: { section: 'photos', tags: ['bears'] },
    })
    const error = await t.throwsAsync(desk.edit(id, { section: 'films' }, ada), {
      instanceOf: SubmissionError,
    })
    t.is(error.problems[0]?.field, 'section')
    t.is((await desk.accept(id, { title: 'Bears' }, ada)).title, 'Bears')
    await t.throwsAsync(desk.edit(id, { title: 'Late' }, ada), { code: 'ERR_ALREADY_DECIDED' })
  })

  promise('who submitted is told by mail, and sees the public reason but not the note', async (t, open) => {
    const box = await startMailBox(t)
    const mail = {
      host: '127.0.0.1',
      port: box.port,
      user: undefined,
      password: undefined,
      security: 'none',
      from: 'zoo@example.org',
    } as const
    const { desk } = makeDesk(t, await open(), { mail })
    desk.start()
    const { id, secret } = await desk.submit(
      sampleSubmission({ magnet: '', torrent: await sampleTorrent() }),
      from,
    )
    await waitUntil('the first mail', () => box.mails.length === 1)
    t.true(box.mails[0]!.text!.includes(`/submission/${id}/${secret}`))
    await desk.reject(id, { reason: 'Too blurred', note: 'the third one of hers\u0000' }, ada)
    await waitUntil('the second mail', () => box.mails.length === 2)
    const text = box.mails[1]!.text! + box.mails[1]!.html
    t.true(text.includes('Too blurred') && text.includes(`/submission/${id}/${secret}`))
    t.false(text.includes('third one'))
    const status = await desk.statusFor(id, secret)
    t.deepEqual([status?.state, status?.reason], ['rejected', 'Too blurred'])
    t.false(JSON.stringify(status).includes('third one'))
    t.false(JSON.stringify(status).includes('example.org'))
    t.is(await desk.statusFor(id, `${secret}x`), undefined)
    t.is(await desk.statusFor(id + 1, secret), undefined)
    const accepted = await desk.submit(sampleSubmission({ magnet: '', torrent: await sampleTorrent() }), from)
    const listing = await desk.accept(accepted.id, {}, ada)
    await waitUntil('two more', () => box.mails.length === 4)
    t.true(box.mails[3]!.text!.includes(`/listing/${listing.id}`))
  })

  promise(
    'who is blocked submits nothing, and what waits from them is rejected without a mail',
    async (t, open) => {
      const { desk, catalog } = makeDesk(t, await open())
      const identity = generateIdentity()
      const listing = signListing(sampleDraft(), identity)
      const signed = await desk.submit({ listing: listing.json, email: 'signer@example.org' }, from)
      await desk.accept(signed.id, {}, ada)
      const waiting = await desk.submit({ listing: listing.json, email: 'signer@example.org' }, from)
      await desk.block({ publisher: listing.publisher }, ada)
      t.is((await desk.get(waiting.id)).state, 'rejected')
      t.is(catalog.listings.size, 0)
      const again = () => desk.submit({ listing: listing.json, email: 'other@example.org' }, from)
      await t.throwsAsync(again(), { code: 'ERR_NOT_AUTHORIZED' })
      await desk.unblock({ publisher: listing.publisher }, ada)
      await t.notThrowsAsync(again())

      const { id } = await desk.submit(sampleSubmission({ email: 'spam@example.org' }), from)
      await desk.block({ submission: id }, ada)
      t.is((await desk.get(id)).state, 'rejected')
      await t.throwsAsync(desk.submit(sampleSubmission({ email: 'SPAM@example.org' }), from), {
        code: 'ERR_NOT_AUTHORIZED',
      })
      const { emails } = await desk.blocked()
      t.deepEqual(
        emails.map(({ hint }) => hint),
        ['s…@example.org'],
      )
      await desk.unblock({ emailHash: emails[0]!.hash }, ada)
      await t.notThrowsAsync(desk.submit(sampleSubmission({ email: 'spam@example.org' }), from))
      const log = JSON.stringify(await desk.audit())
      t.false(log.includes('example.org'))
      t.deepEqual((await desk.audit()).filter(({ action }) => /block/.test(action)).length, 4)
    },
  )

  promise('the audit log cannot be changed', async (t, open) => {
    const database = await open()
    const { desk } = makeDesk(t, database)
    const { id } = await desk.submit(sampleSubmission(), from)
    await desk.reject(id, { reason: 'no' }, ada)
    await t.throwsAsync(database.db.deleteFrom('audit_entry').execute(), { message: /append-only/ })
    await t.throwsAsync(database.db.updateTable('audit_entry').set({ moderator: 'Eve' }).execute(), {
      message: /append-only/,
    })
    t.is((await desk.audit()).length, 1)
  })

  promise(
    'e-mail addresses go two weeks after the decision, the submission half a year after',
    async (t, open) => {
      const now = standingClock()
      const { desk } = makeDesk(t, await open(), { now })
      const decided = await desk.submit(sampleSubmission(), from)
      const open_ = await desk.submit(sampleSubmission(), from)
      await desk.reject(decided.id, { reason: 'no' }, ada)
      const day = 86_400_000
      const sweepNow = async () => {
        desk.start()
        await desk.stop()
      }
      now.pass(13 * day)
      await sweepNow()
      t.is((await desk.get(decided.id)).email, 'maker@example.org')
      now.pass(2 * day)
      await sweepNow()
      t.is((await desk.get(decided.id)).email, undefined)
      t.is((await desk.get(open_.id)).email, 'maker@example.org')
      t.is((await desk.statusFor(decided.id, decided.secret))?.state, 'rejected')
      now.pass(170 * day)
      await sweepNow()
      await t.throwsAsync(desk.get(decided.id), { code: 'ERR_NO_SUCH_SUBMISSION' })
      t.is((await desk.audit()).length, 1)
    },
  )

  promise(
    'the files of a magnet link are found in its swarm, by one of two servers, and nothing is downloaded',
    async (t, open) => {
      const folder = await temporaryFolder(t)
      const seed = await startSwarm(t)
      const clip = await seed.seed(await writeSampleFile(join(folder, 'zoo.avi'), 100_000))
      const settings = { peers: [addressOf(seed)] }
      const swarms = [await startSwarm(t), await startSwarm(t)] as const
      let asked = 0
      const watched = swarms.map(swarm => ({
        transfers: () => swarm.transfers(),
        get: (...of: Parameters<typeof swarm.get>) => {
          asked++
          return swarm.get(...of)
        },
      }))
      const one = makeDesk(t, await open(), { swarm: watched[0]!, settings })
      const other = makeDesk(t, await open(), { swarm: watched[1]!, settings })
      one.desk.start()
      other.desk.start()
      const magnet = `magnet:?xt=urn:btih:${clip.infoHash}&x.pe=127.0.0.1:9`
      const submitted = await one.desk.submit(sampleSubmission({ magnet }), from)
      const ready = await waitUntil('its files are known', async () => {
        const submission = await other.desk.get(submitted.id)
        return submission.state === 'ready' && submission
      })
      t.deepEqual(ready.files, [{ path: 'zoo.avi', sizeBytes: 100_000 }])
      t.deepEqual([ready.fileCount, ready.sizeBytes, ready.hasTorrent], [1, 100_000, true])
      t.is(asked, 1)
      await waitUntil('the swarm is left', () => swarms.every(swarm => swarm.transfers().length === 0))
      // Less than a block: no more than the metadata.
      t.true(clip.stats().uploadedBytes < 16_384)
      const listing = await other.desk.accept(submitted.id, {}, ada)
      t.regex(listing.magnet, /dn=zoo\.avi/)
      t.false(listing.magnet.includes('x.pe'))
      t.deepEqual([one.problems, other.problems], [[], []])
    },
  )

  promise(
    'a magnet link that nobody has is looked for again, over a restart, and given up after a day',
    async (t, open) => {
      const now = standingClock()
      const swarm = await startSwarm(t)
      const settings = { checkTimeoutMs: 50 }
      const first = makeDesk(t, await open(), { swarm, settings, now })
      const { id } = await first.desk.submit(sampleSubmission(), from)
      await t.throwsAsync(first.desk.accept(id, {}, ada), { code: 'ERR_INVALID_LISTING' })
      const tried = (count: number, state: string) =>
        waitUntil(`it was tried ${count} times`, async () => {
          const submission = await first.desk.get(id)
          return submission.checkCount === count && submission.state === state
        })
      first.desk.start()
      await tried(1, 'received')
      t.regex((await first.desk.get(id)).problem ?? '', /Nobody answered/)
      await first.desk.stop()
      const second = makeDesk(t, await open(), { swarm, settings, now })
      second.desk.start()
      for (let count = 2; count <= 5; count++) {
        now.pass(15 * 3_600_000)
        await tried(count, 'received')
      }
      now.pass(15 * 3_600_000)
      await tried(6, 'unreachable')
      await second.desk.recheck(id, ada)
      await tried(1, 'received')
      t.deepEqual(second.problems, [])
    },
  )

  promise('a check that a server left unfinished is taken over', async (t, open) => {
    const now = standingClock()
    const database = await open()
    const { desk } = makeDesk(t, await open(), { now })
    const { id } = await desk.submit(sampleSubmission(), from)
    await database.db
      .updateTable('submission')
      .set({ state: 'checking', check_by: 'gone', check_until: now().getTime() + 120_000 })
      .execute()
    const fast = await startSwarm(t)
    const next = makeDesk(t, await open(), { now, swarm: fast, settings: { checkTimeoutMs: 50 } })
    next.desk.start()
    t.is((await desk.get(id)).checkCount, 0)
    now.pass(120_001)
    await waitUntil('it was checked', async () => (await desk.get(id)).checkCount === 1)
  })

  promise(
    'a check that stops in the middle is put back, and does not count as an attempt',
    async (t, open) => {
      const swarm = await startSwarm(t)
      const { desk } = makeDesk(t, await open(), { swarm })
      const { id } = await desk.submit(sampleSubmission(), from)
      desk.start()
      await waitUntil('it is being checked', () => swarm.transfers().length === 1)
      t.is((await desk.get(id)).state, 'checking')
      await desk.stop()
      const { state, checkCount } = await desk.get(id)
      t.deepEqual([state, checkCount], ['received', 0])
      t.deepEqual(swarm.transfers(), [])
    },
  )

  promise('what the site shares itself is looked at, and shared on', async (t, open) => {
    const swarm = await startSwarm(t)
    const clip = await swarm.seed(await writeSampleFile(join(await temporaryFolder(t), 'zoo.avi'), 1_000))
    const { desk } = makeDesk(t, await open(), { swarm })
    desk.start()
    const magnet = `magnet:?xt=urn:btih:${clip.infoHash}`
    const { id } = await desk.submit(sampleSubmission({ magnet }), from)
    await waitUntil('its files are known', async () => (await desk.get(id)).state === 'ready')
    t.is(clip.state, 'seeding')
    const listing = signListing(sampleDraft({ magnet, sizeBytes: 7 }), generateIdentity())
    const signed = await desk.submit({ listing: listing.json, email: 'maker@example.org' }, from)
    await waitUntil('its files are known too', async () => (await desk.get(signed.id)).state === 'ready')
    t.regex(
      (await desk.get(signed.id)).problem ?? '',
      /says 7 bytes in 1 files, but its torrent has 1000 in 1/,
    )
    t.is(swarm.transfers().length, 1)
  })

  promise(
    'the first token is made once, by one of two servers, into a file for its owner only',
    async (t, open) => {
      const home = findHome(await temporaryFolder(t))
      const servers = [
        new Moderators({ database: await open(), home }),
        new Moderators({ database: await open(), home }),
      ]
      const paths = await Promise.all(servers.map(server => server.first()))
      t.deepEqual(paths.filter(Boolean).length, 1)
      const path = paths.find(Boolean)!
      t.is((await stat(path)).mode & 0o777, 0o600)
      const token = (await readFile(path, 'utf8')).trim()
      t.is((await servers[0]!.identify(token))?.name, 'first')
      t.is(await servers[0]!.first(), undefined)
    },
  )

  promise('tokens are kept as hashes, shown once, and end with the moderator', async (t, open) => {
    const database = await open()
    const now = standingClock()
    const moderators = new Moderators({ database, home: findHome(await temporaryFolder(t)), now })
    const { token } = await moderators.add('Ada')
    await t.throwsAsync(moderators.add('Ada'), { code: 'ERR_INVALID_ARGUMENT' })
    await t.throwsAsync(moderators.add('A\u001bda'), { code: 'ERR_INVALID_ARGUMENT' })
    t.false(JSON.stringify(await database.db.selectFrom('moderator').selectAll().execute()).includes(token))
    t.is((await moderators.identify(token))?.name, 'Ada')
    t.deepEqual((await moderators.list())[0]?.usedAt, now())
    const { cookie } = await moderators.signIn(` ${token}\n`, from)
    t.is((await moderators.session(cookie))?.moderator.name, 'Ada')
    await moderators.remove('Ada', 'Bob')
    t.is(await moderators.identify(token), undefined)
    t.is(await moderators.session(cookie), undefined)
    await t.throwsAsync(moderators.remove('Ada'), { code: 'ERR_INVALID_ARGUMENT' })
    const { desk } = makeDesk(t, database)
    t.deepEqual(
      (await desk.audit()).map(({ action, moderator }) => [action, moderator]),
      [
        ['remove-moderator', 'Bob'],
        ['sign-in', 'Ada'],
        ['add-moderator', 'site'],
      ],
    )
  })

  promise('sessions end when idle, after a week, by signing out, and are bounded', async (t, open) => {
    const database = await open()
    const now = standingClock()
    const moderators = new Moderators({ database, home: findHome(await temporaryFolder(t)), now })
    const { token } = await moderators.add('Ada')
    const hour = 3_600_000
    const sign = () => moderators.signIn(token, { address: `192.0.2.${Math.floor(Math.random() * 1e9)}` })
    const one = await sign()
    const other = await sign()
    t.true(isCsrf(one, one.csrf))
    t.false(isCsrf(one, other.csrf))
    t.is((await moderators.session(one.cookie))?.csrf, one.csrf)
    for (let hours = 0; hours < 7 * 24 - 11; hours += 11) {
      t.truthy(await moderators.session(one.cookie), `after ${hours} hours`)
      now.pass(11 * hour)
    }
    t.is(await moderators.session(other.cookie), undefined)
    now.pass(11 * hour)
    t.is(await moderators.session(one.cookie), undefined)
    const last = await sign()
    await moderators.signOut(last.cookie)
    t.is(await moderators.session(last.cookie), undefined)
    for (let index = 0; index < 25; index++) await sign()
    const rows = await database.db.selectFrom('moderator_session').select('hash').execute()
    t.is(rows.length, 20)
  })

  promise('wrong tokens are refused, and soon not even looked at', async (t, open) => {
    const now = standingClock()
    const moderators = new Moderators({
      database: await open(),
      home: findHome(await temporaryFolder(t)),
      now,
    })
    const { token } = await moderators.add('Ada')
    for (let index = 0; index < 10; index++)
      await t.throwsAsync(moderators.signIn('wrong', from), { code: 'ERR_NOT_AUTHORIZED' })
    await t.throwsAsync(moderators.signIn(token, from), { code: 'ERR_RATE_LIMITED' })
    await t.notThrowsAsync(moderators.signIn(token, { address: '192.0.2.8' }))
    now.pass(15 * 60_000)
    await t.notThrowsAsync(moderators.signIn(token, from))
  })
}
