import type { CatalogDatabase } from '../database/catalog-database.ts'
import { forgetAttempts } from '../moderation/attempts.ts'
import type { DeskSettings } from './desk-settings.ts'

/** Deletes what is not kept any longer: e-mail addresses first, then the decided submissions. */
export async function sweep(
  { db }: CatalogDatabase,
  { keepEmailMs, keepDecidedMs, perAddress, perEmail }: DeskSettings,
  now: Date,
): Promise<void> {
  const time = now.getTime()
  await db
    .deleteFrom('submission_contact')
    .where('submission_number', 'in', eb =>
      eb
        .selectFrom('submission')
        .select('number')
        .where('decided_at', '<=', time - keepEmailMs),
    )
    .execute()
  await db
    .deleteFrom('submission')
    .where('decided_at', '<=', time - keepDecidedMs)
    .execute()
  const longestMs = Math.max(perAddress.withinMs, perEmail.withinMs, 3_600_000)
  await forgetAttempts(db, new Date(time - longestMs))
}
