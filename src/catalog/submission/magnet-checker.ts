import { randomBytes } from 'node:crypto'
import { type Metainfo, P2pShareError, visibleName } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { ListingFields } from '../listing/fields.ts'
import type { DeskSettings } from './desk-settings.ts'
import { findMetadata, type MetadataSwarm } from './find-metadata.ts'
import { metainfoColumns } from './metainfo-columns.ts'
import { publicMagnet } from './read-work.ts'
import type { SubmissionRow } from './submission.ts'
import { submissionColumns } from './submission-reader.ts'

export interface MagnetCheckerInit {
  readonly database: CatalogDatabase
  readonly swarm: MetadataSwarm
  readonly settings: DeskSettings
  readonly now: () => Date
  readonly onProblem: (error: unknown) => void
}

/** Beyond its time-out, for a server that is slow to write down what it found. */
const leaseSlackMs = 60_000

/**
 * Looks for the metadata of submitted magnet links. What is to be done is in the database: it survives restarts, and of
 * several servers one is at a submission at a time.
 */
export class MagnetChecker {
  readonly #init: MagnetCheckerInit
  readonly #name = randomBytes(8).toString('hex')
  /** By info-hash: a swarm has one transfer for each. */
  readonly #checks = new Map<string, Promise<void>>()
  #ending = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #claiming: Promise<void> | undefined
  #isOn = false

  constructor(init: MagnetCheckerInit) {
    this.#init = init
  }

  /** Idempotent. */
  start(): void {
    if (this.#isOn) return
    this.#isOn = true
    this.#ending = new AbortController()
    this.wake()
  }

  /** Looks for work now rather than at the next turn. */
  wake(): void {
    if (!this.#isOn || this.#claiming) return
    clearTimeout(this.#timer)
    this.#claiming = this.#claimAll()
      .catch(this.#init.onProblem)
      .finally(() => {
        this.#claiming = undefined
        if (this.#isOn) this.#timer = setTimeout(() => this.wake(), this.#init.settings.pollEveryMs)
      })
  }

  /** Ends the checks; they are taken up again by whoever starts next. Idempotent. */
  async stop(): Promise<void> {
    this.#isOn = false
    clearTimeout(this.#timer)
    this.#ending.abort()
    await this.#claiming
    await Promise.all(this.#checks.values())
  }

  async #claimAll(): Promise<void> {
    const { database, settings, now } = this.#init
    const time = now().getTime()
    const due = await database.db
      .selectFrom('submission')
      .select(['number', 'info_hash', 'info_hash_v2'])
      .where('state', 'in', ['received', 'checking'])
      .where('check_at', '<=', time)
      .where('check_until', '<=', time)
      .orderBy('check_at')
      .limit(settings.checksAtOnce * 4)
      .execute()
    for (const { number, info_hash, info_hash_v2 } of due) {
      const hash = info_hash ?? info_hash_v2!
      if (!this.#isOn || this.#checks.size >= settings.checksAtOnce) return
      if (this.#checks.has(hash)) continue
      const row = await this.#claim(number, time)
      if (!row) continue
      const check = this.#check(row)
        .catch(this.#init.onProblem)
        .finally(() => {
          this.#checks.delete(hash)
          this.wake()
        })
      this.#checks.set(hash, check)
    }
  }

  async #claim(number: number, time: number): Promise<SubmissionRow | undefined> {
    const { database, settings } = this.#init
    return database.db
      .updateTable('submission')
      .set({
        state: 'checking',
        check_by: this.#name,
        check_until: time + settings.checkTimeoutMs + leaseSlackMs,
      })
      .where('number', '=', number)
      .where('state', 'in', ['received', 'checking'])
      .where('check_until', '<=', time)
      .returning(submissionColumns)
      .executeTakeFirst()
  }

  async #check(row: SubmissionRow): Promise<void> {
    const { swarm, settings } = this.#init
    const timeout = AbortSignal.timeout(settings.checkTimeoutMs)
    const signal = AbortSignal.any([timeout, this.#ending.signal])
    try {
      const metainfo = await findMetadata(swarm, row.magnet, { peers: settings.peers, signal })
      await this.#found(row, metainfo)
    } catch (error) {
      // A swarm that was stopped says nothing of the magnet link.
      if (this.#ending.signal.aborted || isStopped(error)) return this.#putBack(row)
      const seconds = Math.round(settings.checkTimeoutMs / 1_000)
      const why = timeout.aborted
        ? `Nobody answered with its metadata in ${seconds} s`
        : (error as Error).message
      await this.#failed(row, visibleName(why.slice(0, 500)), !timeout.aborted && isForGood(error))
    }
  }

  async #found(row: SubmissionRow, metainfo: Metainfo): Promise<void> {
    // A link that its publisher signed stays as it is.
    const told =
      row.listing === null
        ? {
            magnet: publicMagnet(metainfo),
            info_hash: metainfo.infoHash ?? null,
            info_hash_v2: metainfo.infoHashV2 ?? null,
          }
        : {}
    const columns = metainfoColumns(metainfo)
    const problem = row.listing === null ? null : disagreement(row.listing, columns)
    await this.#settle(row, { ...columns, ...told, state: 'ready', problem })
  }

  async #failed(row: SubmissionRow, problem: string, isForGood: boolean): Promise<void> {
    const { settings, now } = this.#init
    const pauseMs = isForGood ? undefined : settings.checkPausesMs[row.check_count]
    await this.#settle(row, {
      state: pauseMs === undefined ? 'unreachable' : 'received',
      check_count: row.check_count + 1,
      check_at: now().getTime() + (pauseMs ?? 0),
      problem,
    })
  }

  async #putBack(row: SubmissionRow): Promise<void> {
    const check_at = this.#init.now().getTime() + (this.#isOn ? leaseSlackMs : 0)
    await this.#settle(row, { state: 'received', check_at })
  }

  /** Writes down what came of a check, unless it is another's by now, or was decided. */
  async #settle(row: SubmissionRow, changes: SubmissionUpdate): Promise<void> {
    await this.#init.database.db
      .updateTable('submission')
      .set({ ...changes, check_by: null, check_until: 0 })
      .where('number', '=', row.number)
      .where('check_by', '=', this.#name)
      .where('state', '=', 'checking')
      .execute()
  }
}

type SubmissionUpdate = Partial<Omit<SubmissionRow, 'number'> & { torrent: Uint8Array | null }>

/** Whether trying again would come to the same. */
function isForGood(error: unknown): boolean {
  return error instanceof P2pShareError && (error.kind === 'input' || error.code === 'ERR_METADATA_MISMATCH')
}

function isStopped(error: unknown): boolean {
  return error instanceof P2pShareError && error.code === 'ERR_STOPPED'
}

/** What a signed listing says otherwise than its torrent, for the reviewer. */
function disagreement(
  json: string,
  { file_count, size_bytes }: { file_count: number | null; size_bytes: number | null },
): string | null {
  const { fileCount, sizeBytes } = JSON.parse(json) as ListingFields
  if (fileCount === file_count && sizeBytes === size_bytes) return null
  return `The listing says ${sizeBytes} bytes in ${fileCount} files, but its torrent has ${size_bytes} in ${file_count}`
}
