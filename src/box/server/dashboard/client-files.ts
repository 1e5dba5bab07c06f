import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file that the dashboard's page loads. */
export interface ClientFile {
  /** Names the content of all of them, so that it may be kept for ever. */
  readonly path: string
  readonly contentType: string
  readonly body: string
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}

let read: ReadonlyMap<string, ClientFile> | undefined

/** The modules, style sheets and pictures of `client/`, by name, as they lie there: the build copies them. */
export function clientFiles(): ReadonlyMap<string, ClientFile> {
  read ??= readAll(fileURLToPath(new URL('./client/', import.meta.url)))
  return read
}

/** Where a file of `client/` is served. */
export function clientPath(name: string): string {
  const file = clientFiles().get(name)
  if (!file) throw new Error(`There is no ${name} for the dashboard`)
  return file.path
}

function readAll(folder: string): Map<string, ClientFile> {
  const names = readdirSync(folder)
    .filter(name => extname(name) in types)
    .sort()
  const bodies = names.map(name => readFileSync(`${folder}/${name}`, 'utf8'))
  // One folder for all, since modules import each other by name: a change of one renames every one.
  const digest = createHash('sha256').update(bodies.join('\0')).digest('hex').slice(0, 12)
  return new Map(
    names.map((name, index) => [
      name,
      Object.freeze({
        path: `/assets/${digest}/${name}`,
        contentType: types[extname(name)]!,
        body: bodies[index]!,
      }),
    ]),
  )
}
