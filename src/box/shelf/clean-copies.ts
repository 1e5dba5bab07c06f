import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import { fileSystemError, type SourceFile, Turns } from '../../core/index.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'

export interface CleanCopiesInit {
  readonly database: BoxDatabase
  /** Where copies of files are made without their position. Nothing in any other folder is ever touched. */
  readonly folder: string
  /** Told where one cannot be deleted. */
  readonly onProblem: (what: string, error: unknown) => void
}

/**
 * Deletes the copies without a position that were made for what is shared no more. Which those are is written down before, so that
 * what could not be deleted is at the next start; copies that were made for anybody else stay.
 */
export class CleanCopies {
  readonly #init: CleanCopiesInit
  readonly #turns = new Turns(1)

  constructor(init: CleanCopiesInit) {
    this.#init = init
  }

  /** Whether it is a copy that was made, and nobody's own file. */
  isCopy(path: string): boolean {
    return dirname(path) === this.#init.folder
  }

  /** These are what something is shared from now. @throws {P2pShareError} `ERR_DATABASE` */
  async hold(transferId: number, files: readonly SourceFile[]): Promise<void> {
    const { database } = this.#init
    const paths = files.map(({ source }) => source).filter(path => this.isCopy(path))
    if (paths.length === 0) return
    for (let at = 0; at < paths.length; at += rowsAtOnce)
      await database
        .insertInto('clean_copy')
        .values(paths.slice(at, at + rowsAtOnce).map(path => ({ path, transfer_id: transferId })))
        .onConflict(conflict => conflict.doNothing())
        .execute()
  }

  /** Something is shared from other files from now on. @throws {P2pShareError} `ERR_DATABASE` */
  async holdInstead(transferId: number, files: readonly SourceFile[]): Promise<void> {
    await sql`update or replace clean_copy set transfer_id = ${nobody} where transfer_id = ${transferId}`.execute(
      this.#init.database,
    )
    await this.hold(transferId, files)
  }

  /** Deletes what nothing is shared from any more, and takes room for nothing. What cannot be deleted the next call tries again. */
  async sweep(): Promise<void> {
    await this.#turns
      .run(() => this.#sweep())
      .catch(error => this.#init.onProblem('Copies of what is shared no more cannot be deleted', error))
  }

  async #sweep(): Promise<void> {
    const { database } = this.#init
    const left = await database
      .selectFrom('clean_copy')
      .leftJoin('transfer', 'transfer.id', 'clean_copy.transfer_id')
      .select(['clean_copy.path', 'clean_copy.transfer_id'])
      .where('transfer.id', 'is', null)
      .execute()
    for (const { path, transfer_id } of left) {
      const others = await database
        .selectFrom('clean_copy')
        .innerJoin('transfer', 'transfer.id', 'clean_copy.transfer_id')
        .select('clean_copy.transfer_id')
        .where('clean_copy.path', '=', path)
        .limit(1)
        .execute()
      if (others.length === 0)
        await rm(path, { force: true }).catch(error => {
          throw fileSystemError(error, path, 'write')
        })
      await database
        .deleteFrom('clean_copy')
        .where('path', '=', path)
        .where('transfer_id', '=', transfer_id)
        .execute()
    }
  }
}

const rowsAtOnce = 500
/** Numbers begin with 1. */
const nobody = 0
