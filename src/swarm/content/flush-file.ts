import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** Sees to it that what is in a file outlives a power cut. */
export async function flushFile(location: string): Promise<void> {
  const file = await open(location, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0))
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
