// Compiles src into dist, unless that is fresh: npm run build. `npx p2pshare` in a checkout lets npm do so while another p2pshare may
// be running from dist, so that it must never be seen half made.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBuildFresh } from './freshness.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
if (!isBuildFresh(root)) process.exitCode = make()

/** The exit code of the compiler. */
function make(): number {
  const draft = join(root, `dist-${process.pid}`)
  try {
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const { status } = spawnSync(
      process.execPath,
      [compiler, '-p', 'tsconfig.build.json', '--outDir', draft],
      {
        cwd: root,
        stdio: 'inherit',
      },
    )
    if (status !== 0) return status ?? 1
    // The page of the seed box is served as it stands.
    const page = 'box/server/dashboard/client'
    cpSync(join(root, 'src', page), join(draft, page), { recursive: true })
    const dist = join(root, 'dist')
    const old = `${draft}-old`
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(draft, dist)
    rmSync(old, { recursive: true, force: true })
    return 0
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}
