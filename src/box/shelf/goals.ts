import type { Entry } from './entry.ts'

export interface Goals {
  /** 0: none. */
  readonly ratio: number
  /** Milliseconds; 0: none. */
  readonly seedMs: number
}

/** Whether a transfer that is done has given as much, or seeded as long, as it was to; what is its own goes before the settings. */
export function hasGivenEnough(
  own: Entry['goals'],
  settings: Goals,
  given: { readonly uploaded: number; readonly seedingMs: number; readonly sizeBytes: number },
): boolean {
  const ratio = own.ratio ?? settings.ratio
  const seedMs = own.seedMs ?? settings.seedMs
  const hasRatio = ratio > 0 && given.sizeBytes > 0 && given.uploaded >= ratio * given.sizeBytes
  return hasRatio || (seedMs > 0 && given.seedingMs >= seedMs)
}
