import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Owner } from './owner.ts'

/** A new empty folder, removed with all it holds when its owner ends. */
export async function temporaryFolder(owner: Owner, name = 'test'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `p2pshare-${name}-`))
  owner.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
