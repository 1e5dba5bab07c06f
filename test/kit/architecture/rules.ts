import type { Module } from './modules.ts'

/** The rooms of the house, from what stands on nothing up to what stands on all. */
const rooms = ['core', 'http', 'database', 'swarm', 'catalog', 'box', 'cli'] as const

/** Names that say nothing of what is in a file. */
const emptyNames = /^(utils?|helpers?|common|types?|misc|shared)$/

/** Packages that only some files may know of. */
const keepers: readonly { packages: RegExp; files: RegExp }[] = [
  { packages: /^webtorrent(\/|$)/, files: /^swarm\/engine\/webtorrent(\/[^/]+)?\.ts$/ },
  { packages: /^(ora|cli-table3)$/, files: /^cli\// },
]

const longestFile = 300

/** Each rule answers the breaches that it finds, a sentence each. */
export type Rule = (modules: readonly Module[]) => string[]

/** Rooms import downwards only. */
export const roomOrder: Rule = modules =>
  edges(modules)
    .filter(({ from, to }) => rank(roomOf(to)) > rank(roomOf(from)))
    .map(({ from, to }) => `${from} imports ${to}, which is in a room above`)

/** From another room nothing but its index.ts is imported, and the library's entry by nobody. */
export const frontDoors: Rule = modules =>
  edges(modules)
    .filter(({ from, to }) => roomOf(from) !== roomOf(to) && to !== `${roomOf(to)}/index.ts`)
    .map(({ from, to }) => `${from} imports ${to}, not the index.ts of its room`)

/** Inside a room the file is imported, never the room's own index.ts. */
export const ownIndex: Rule = modules =>
  edges(modules)
    .filter(({ from, to }) => roomOf(from) === roomOf(to) && to === `${roomOf(to)}/index.ts`)
    .map(({ from, to }) => `${from} imports the index.ts of its own room, ${to}`)

/** Every file is in a room, or the library's entry. */
export const knownRooms: Rule = modules =>
  modules
    .filter(({ path }) => path !== 'index.ts' && !(rooms as readonly string[]).includes(roomOf(path)))
    .map(({ path }) => `${path} is in no room`)

/** An index.ts only passes on what others made. */
export const thinIndexes: Rule = modules =>
  modules
    .filter(({ path, onlyReexports }) => /^([^/]+\/)?index\.ts$/.test(path) && !onlyReexports)
    .map(({ path }) => `${path} holds more than re-exports`)

/** No file imports itself through others. */
export const noCycles: Rule = modules => {
  const byPath = new Map(modules.map(module => [module.path, module]))
  const finished = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || finished.has(path)) return
    for (const next of byPath.get(path)?.imports ?? []) walk(next, [...trail, path])
    finished.add(path)
  }
  for (const { path } of modules) walk(path, [])
  return cycles
}

/** Some packages are known to a few files only. */
export const keptPackages: Rule = modules =>
  modules.flatMap(({ path, packages }) =>
    packages
      .filter(name => keepers.some(keeper => keeper.packages.test(name) && !keeper.files.test(path)))
      .map(name => `${path} imports ${name}`),
  )

/** Arguments, environment, streams and signals reach everything but cli/ as parameters. */
export function noProcess(reasons: Readonly<Record<string, string>>): Rule {
  return modules =>
    modules
      .filter(({ path, usesProcess }) => usesProcess && roomOf(path) !== 'cli' && !(path in reasons))
      .map(({ path }) => `${path} touches process`)
}

/** A file is named after what it holds. */
export const tellingNames: Rule = modules =>
  modules
    .filter(({ path }) => path.split('/').some(part => emptyNames.test(part.replace(/(\.test)?\.ts$/, ''))))
    .map(({ path }) => `${path} has a name that says nothing`)

/** A long file has a reason, and a reason has a long file. */
export function shortFiles(reasons: Readonly<Record<string, string>>): Rule {
  return modules => [
    ...modules
      .filter(({ path, lineCount }) => lineCount > longestFile && !(path in reasons))
      .map(({ path, lineCount }) => `${path} has ${lineCount} lines and no reason for it`),
    ...Object.keys(reasons)
      .filter(path => !modules.some(module => module.path === path && module.lineCount > longestFile))
      .map(path => `${path} has a reason to be long, and is not`),
  ]
}

function edges(modules: readonly Module[]): { from: string; to: string }[] {
  return modules.flatMap(({ path, imports }) => imports.map(to => ({ from: path, to })))
}

/** The folder a file is in right below the sources; the library's entry stands for itself, above all rooms. */
function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path
}

function rank(room: string): number {
  const place = (rooms as readonly string[]).indexOf(room)
  return place < 0 ? rooms.length : place
}
