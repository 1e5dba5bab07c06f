import { globSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Whether what is measured, the built package as its users run it, is made of the sources as they are now. Run from sources, each
 * thread would read and strip the types of all that it loads first.
 */
export function isBuildFresh(): boolean {
  const built = newest('dist/**/*.js')
  return built > 0 && built >= newest('src/**/*.ts')
}

/** When the last of the files was changed, in milliseconds since 1970; 0 where there are none. */
function newest(pattern: string): number {
  return globSync(pattern, { cwd: root }).reduce(
    (last, path) => Math.max(last, statSync(`${root}${path}`).mtimeMs),
    0,
  )
}
