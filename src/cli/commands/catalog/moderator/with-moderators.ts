import type { Moderators } from '../../../../catalog/index.ts'
import { findHome } from '../../../../core/index.ts'
import { withCatalog } from '../../../catalog-session.ts'
import { type DatabaseFlags, databaseLocation } from '../../../database-option.ts'
import { type Env, homeOf } from '../../../env.ts'

/** Lends the moderators of a site, which whoever runs it reaches through its database. */
export async function withModerators<T>(
  env: Env,
  flags: DatabaseFlags,
  work: (moderators: Moderators) => Promise<T>,
): Promise<T> {
  const { Moderators } = await import('../../../../catalog/index.ts')
  const now = () => env.clock.now()
  return withCatalog(
    env,
    ({ database }) => work(new Moderators({ database, home: findHome(homeOf(env)), now })),
    { database: databaseLocation(flags, env) },
  )
}
