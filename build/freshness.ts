import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether the build in `dist` is of the sources as they are now: a file for each source, not older than that or than what says how
 * to compile, and none of a source that is gone. `root` is the folder of the checkout.
 */
export function isBuildFresh(root: string): boolean {
  const sources = new Map(filesBelow(join(root, 'src')).map(path => [path.replace(/\.ts$/, '.js'), path]))
  const built = filesBelow(join(root, 'dist'))
  const rules = Math.max(
    ...globSync('{tsconfig*.json,package-lock.json}', { cwd: root }).map(path => changed(root, path)),
  )
  return (
    built.length === sources.size &&
    built.every(path => {
      const source = sources.get(path)
      if (source === undefined) return false
      const made = changed(root, 'dist', path)
      return made >= rules && made >= changed(root, 'src', source)
    })
  )
}

/** Declarations alone are left out: some are made, some have nothing that is made of them. */
function filesBelow(folder: string): string[] {
  return globSync('**/*.*', { cwd: folder }).filter(path => !path.endsWith('.d.ts'))
}

/** In milliseconds since 1970. */
function changed(...path: string[]): number {
  return statSync(join(...path)).mtimeMs
}
