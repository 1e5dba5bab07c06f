import { fileURLToPath } from 'node:url'
import test from 'ava'
import { parseModule, readModules } from './kit/architecture/modules.ts'
import {
  frontDoors,
  keptPackages,
  knownRooms,
  noCycles,
  noProcess,
  ownIndex,
  type Rule,
  roomOrder,
  shortFiles,
  tellingNames,
  thinIndexes,
} from './kit/architecture/rules.ts'

const folderOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const sources = readModules(folderOf('src'))

/** Files of more than 300 lines, each with why it is one idea all the same. */
const longFiles: Record<string, string> = {}

/** Files outside cli/ that touch process, each with why nothing else would do. */
const processFiles: Record<string, string> = {
  'core/process-id.ts': 'a lock names the process that holds it, and asks whether that one is alive',
}

const rules: Record<string, { rule: Rule; breach: Record<string, string> }> = {
  'rooms import cli → box → catalog → swarm → database → http → core and never back': {
    rule: roomOrder,
    breach: { 'core/home.ts': "import type { Swarm } from '../swarm/index.ts'" },
  },
  'another room is entered by its index.ts only': {
    rule: frontDoors,
    breach: { 'swarm/swarm.ts': "const errors = await import('../core/errors.ts')" },
  },
  'no file imports the index.ts of its own room': {
    rule: ownIndex,
    breach: { 'core/home.ts': "import { P2pShareError } from './index.ts'" },
  },
  'every file is in a room of the house': {
    rule: knownRooms,
    breach: { 'attic/home.ts': '' },
  },
  'an index.ts only re-exports': {
    rule: thinIndexes,
    breach: { 'core/index.ts': "export * from './home.ts'\nexport const answer = 42" },
  },
  'no file imports itself through others, not even for a type': {
    rule: noCycles,
    breach: {
      'core/a.ts': "import type { B } from './b.ts'",
      'core/b.ts': "export { C } from './c.ts'",
      'core/c.ts': "export type C = import('./a.ts').A",
    },
  },
  'webtorrent is known to its driver only, ora and cli-table3 to cli/ only': {
    rule: keptPackages,
    breach: { 'swarm/engine/native.ts': "import WebTorrent from 'webtorrent'" },
  },
  'process is touched in cli/ only': {
    rule: noProcess(processFiles),
    breach: { 'core/home.ts': 'const root = process.env.P2PSHARE_HOME' },
  },
  'a file of more than 300 lines is on the list with its reason': {
    rule: shortFiles(longFiles),
    breach: { 'core/long.ts': '//\n'.repeat(301) },
  },
}

for (const [sentence, { rule, breach }] of Object.entries(rules))
  test(sentence, t => {
    t.deepEqual(rule(sources), [])
    const broken = Object.entries(breach).map(([path, text]) => parseModule(path, text))
    t.is(rule(broken).length, 1, 'the rule does not see its own breach')
  })

test('no file is called utils, helpers, common or types', t => {
  for (const folder of ['src', 'test', 'build', 'bench', 'soak', 'examples'])
    t.deepEqual(tellingNames(readModules(folderOf(folder))), [], folder)
  t.is(tellingNames([parseModule('core/utils.ts', '')]).length, 1)
})

test('process as the name of something else is not the global', t => {
  const elsewhere = parseModule(
    'core/a.ts',
    'job.process(); const o = { process: 1 }; function f(process) {}',
  )
  t.deepEqual(noProcess({})([elsewhere]), [])
  t.is(noProcess({})([parseModule('core/a.ts', 'globalThis.process.exit()')]).length, 1)
})
