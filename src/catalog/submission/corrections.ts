import { P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { writeAudit } from '../moderation/audit-log.ts'
import type { Reviewer } from '../moderation/moderators.ts'
import { alreadyDecided } from './already-decided.ts'
import { readFields } from './read-fields.ts'
import { draftOfRow, openStates } from './submission.ts'
import type { SubmissionChanges } from './submission-input.ts'
import { SubmissionError } from './submission-problem.ts'
import type { SubmissionReader } from './submission-reader.ts'

export interface CorrectionsInit {
  readonly database: CatalogDatabase
  readonly reader: SubmissionReader
  readonly now: () => Date
}

/** What moderators put right before they decide. */
export class Corrections {
  readonly #init: CorrectionsInit

  constructor(init: CorrectionsInit) {
    this.#init = init
  }

  /** See `SubmissionDesk.edit`. */
  async edit(id: number, changes: SubmissionChanges, { name }: Reviewer): Promise<void> {
    const { database, reader, now } = this.#init
    const row = await reader.row(id)
    if (row.listing !== null)
      throw new P2pShareError(
        'ERR_NOT_AUTHORIZED',
        'Its publisher signed this listing: it can only be accepted or rejected as it is',
      )
    const before = draftOfRow(row)
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    const { draft, problems } = readFields({ ...before, ...given })
    if (!draft) throw new SubmissionError(problems)
    const after = JSON.stringify(draft)
    if (after === row.draft) return
    const changed = (Object.keys(given) as (keyof typeof draft)[]).filter(
      key => JSON.stringify(draft[key]) !== JSON.stringify(before[key]),
    )
    const pick = (of: typeof draft) => Object.fromEntries(changed.map(key => [key, of[key] ?? null]))
    await database.transaction(async db => {
      const { numUpdatedRows } = await db
        .updateTable('submission')
        .set({ draft: after })
        .where('number', '=', id)
        .where('state', 'in', openStates)
        .where('decision_until', '<=', now().getTime())
        .where('draft', '=', row.draft)
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0) throw alreadyDecided(id)
      const detail = { before: pick(before), after: pick(draft) }
      await writeAudit(db, {
        at: now(),
        moderator: name,
        action: 'edit',
        subject: `submission ${id}`,
        detail,
      })
    })
  }

  /** See `SubmissionDesk.recheck`. */
  async recheck(id: number, { name }: Reviewer): Promise<void> {
    const { database, reader, now } = this.#init
    await reader.row(id)
    await database.transaction(async db => {
      const { numUpdatedRows } = await db
        .updateTable('submission')
        .set({ state: 'received', check_count: 0, check_at: now().getTime(), problem: null })
        .where('number', '=', id)
        .where('state', 'in', ['received', 'unreachable'])
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0) return
      await writeAudit(db, { at: now(), moderator: name, action: 'recheck', subject: `submission ${id}` })
    })
  }
}
