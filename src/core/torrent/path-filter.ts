import { P2pShareError } from '../errors.ts'

/** What globs say of paths below the torrent's name. */
export interface PathFilter {
  /** Whether a file, or a folder with all that is in it, is to be left out. */
  excludes(path: readonly string[]): boolean
  /** Whether a file is to be taken, where it is not left out. */
  includes(path: readonly string[]): boolean
}

const longestGlob = 10_000

/**
 * Makes a filter of globs (`*.jpg`, `day 1/**`). A glob is matched without regard to case against the whole path and
 * against the bare name; a folder that `include` matches brings in all its files.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for an empty glob or one that is far too long
 */
export async function makePathFilter(
  include: readonly string[] = [],
  exclude: readonly string[] = [],
): Promise<PathFilter> {
  const included = await matcherOf(include)
  const excluded = await matcherOf(exclude)
  return {
    excludes: path => excluded?.(path) ?? false,
    includes: path => !included || path.some((_, index) => included(path.slice(0, index + 1))),
  }
}

async function matcherOf(
  globs: readonly string[],
): Promise<((path: readonly string[]) => boolean) | undefined> {
  if (globs.length === 0) return undefined
  for (const glob of globs)
    if (glob === '' || glob.length > longestGlob)
      throw new P2pShareError(
        'ERR_INVALID_ARGUMENT',
        `"${glob.slice(0, 100)}" is not a glob: write *.jpg or day*/**`,
      )
  const { default: picomatch } = await import('picomatch')
  const isMatch = picomatch([...globs], { nocase: true, dot: true })
  const literal = new Set(globs)
  return path => {
    const whole = path.join('/')
    const name = path.at(-1)!
    // A name with brackets in it, given as it stands, is meant as it stands.
    return literal.has(whole) || literal.has(name) || isMatch(whole) || isMatch(name)
  }
}
