import type { Found } from './found.ts'
import type { Seen } from './seen.ts'
import type { SeenStore } from './seen-store.ts'
import { survey } from './survey.ts'

/** The same files, in whatever watched folder, under a path that is no more, or is that of something else now. */
export async function movedFrom({ path, identity }: Found, store: SeenStore): Promise<Seen | undefined> {
  for (const seen of store.alike(identity)) {
    if (seen.path === path) continue
    const isThere = await survey(seen.path, () => {}).then(
      found => found?.identity === identity,
      () => true,
    )
    if (!isThere) return seen
  }
  return undefined
}
