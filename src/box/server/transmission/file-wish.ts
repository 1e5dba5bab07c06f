import type { Metainfo } from '../../../core/index.ts'
import type { Params } from './params.ts'
import { levels, realFiles } from './real-files.ts'
import { RpcError } from './rpc-error.ts'

/** Which files are wanted and how much; lists of places that count from 0, empty ones stand for all files. */
export interface FileWish {
  readonly wanted: readonly number[] | undefined
  readonly unwanted: readonly number[] | undefined
  readonly low: readonly number[] | undefined
  readonly normal: readonly number[] | undefined
  readonly high: readonly number[] | undefined
}

/** `undefined` where nothing is said of files. */
export function readFileWish(params: Params): FileWish | undefined {
  const wish = {
    wanted: params.numbers('files_wanted'),
    unwanted: params.numbers('files_unwanted'),
    low: params.numbers('priority_low'),
    normal: params.numbers('priority_normal'),
    high: params.numbers('priority_high'),
  }
  return Object.values(wish).some(list => list !== undefined) ? wish : undefined
}

/**
 * The priorities of the files after a wish, by their places in the metainfo. A file that is not wanted does not become so by a
 * priority.
 *
 * @throws {RpcError} where there is no such file
 */
export function prioritiesAfter(
  wish: FileWish,
  metainfo: Metainfo,
  now: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const files = realFiles(metainfo)
  const after = files.map(({ index }) => now.get(index) ?? levels.normal)
  const isWanted = after.map(level => level > 0)
  const set = (places: readonly number[] | undefined, act: (place: number) => void) => {
    for (const place of places?.length === 0 ? files.keys() : (places ?? [])) {
      if (!files[place]) throw new RpcError('params', `${metainfo.name} has no file ${place}`)
      act(place)
    }
  }
  for (const name of ['low', 'normal', 'high'] as const) {
    set(wish[name], place => {
      after[place] = levels[name]
    })
  }
  set(wish.unwanted, place => {
    isWanted[place] = false
  })
  set(wish.wanted, place => {
    isWanted[place] = true
  })
  return new Map(
    files.map(({ index }, place) => [index, isWanted[place] ? after[place] || levels.normal : 0] as const),
  )
}
