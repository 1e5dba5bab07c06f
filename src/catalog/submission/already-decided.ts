import { P2pShareError } from '../../core/index.ts'

/** Told to all but one of those who decide or change a submission at the same time. */
export function alreadyDecided(id: number): P2pShareError {
  return new P2pShareError(
    'ERR_ALREADY_DECIDED',
    `Somebody else decided or changed submission ${id} just now, or is about to: look at it again`,
  )
}
