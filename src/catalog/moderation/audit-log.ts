import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'

export type AuditAction =
  | 'accept'
  | 'reject'
  | 'edit'
  | 'recheck'
  | 'take-down'
  | 'block'
  | 'unblock'
  | 'sign-in'
  | 'add-moderator'
  | 'remove-moderator'

/** What a moderator did. */
export interface AuditEntry {
  readonly number: number
  readonly at: Date
  /** The moderator's name; `site` for what the server or its owner did. */
  readonly moderator: string
  readonly action: AuditAction
  /** What it was done to: `submission 7`, `publisher 1f…`, `moderator Ada`. */
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Writes an entry; in the transaction of what it tells of, so that neither is there without the other. */
export async function writeAudit(
  db: Kysely<CatalogSchema>,
  entry: Omit<AuditEntry, 'number' | 'detail'> & { readonly detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { at, moderator, action, subject, detail = {} } = entry
  await db
    .insertInto('audit_entry')
    .values({ at: at.getTime(), moderator, action, subject, detail: JSON.stringify(detail) })
    .execute()
}

/**
 * Reads the log, newest first.
 *
 * @param limit at most 200 @default 50
 * @param before only entries of a lower number
 */
export async function readAudit(
  db: Kysely<CatalogSchema>,
  { limit = 50, before }: { limit?: number | undefined; before?: number | undefined } = {},
): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .selectAll()
    .$if(before !== undefined, query => query.where('number', '<', before!))
    .orderBy('number', 'desc')
    .limit(Math.min(Math.max(limit, 1), 200))
    .execute()
  return rows.map(row =>
    Object.freeze({
      ...row,
      at: new Date(row.at),
      action: row.action as AuditAction,
      detail: JSON.parse(row.detail),
    }),
  )
}
