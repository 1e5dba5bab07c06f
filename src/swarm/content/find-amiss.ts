import { stampOf } from '../store/file-stamp.ts'
import { findUnlikeStamp } from './content.ts'
import type { FilePlaces } from './file-places.ts'

/** The first of some files that is not there; `undefined` where they all are. */
export async function findGone(
  { locations }: FilePlaces,
  indexes: Iterable<number>,
): Promise<number | undefined> {
  for (const index of indexes) if ((await stampOf(locations[index]!)) === undefined) return index
  return undefined
}

/** `undefined` once any of some files is there, or where they are none. */
export async function findNoneThere(
  { locations }: FilePlaces,
  indexes: readonly number[],
): Promise<number | undefined> {
  for (const index of indexes) if (await stampOf(locations[index]!)) return undefined
  return indexes[0]
}

/** The first that is not as it was when it was last looked at: see `findUnlikeStamp`. */
export function findUnlike(
  places: FilePlaces,
  indexes: readonly number[],
  first: number | undefined,
): Promise<number | undefined> {
  return findUnlikeStamp(places.storedFiles(), places.stampsOf(indexes), first)
}
