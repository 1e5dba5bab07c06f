import { readFileSync } from 'node:fs'
import test from 'ava'
import type { Command, Option } from 'commander'
import { type Env, systemClock } from '../../src/cli/env.ts'
import { variableOf } from '../../src/cli/option-environment.ts'
import { buildProgram } from '../../src/cli/program.ts'
import { type VerbGroup, verbs } from '../../src/cli/verbs.ts'
import { runCommand } from '../kit/command.ts'

/** The words that lead to each command. */
function pathsOf(group: VerbGroup['verbs']): string[] {
  return Object.entries(group).flatMap(([name, verb]) =>
    'verbs' in verb ? pathsOf(verb.verbs).map(path => `${name} ${path}`) : [name],
  )
}

test('--version prints the version of the package', async t => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const { stdout, exitCode } = await runCommand(t, ['--version'])
  t.is(stdout, `${version}\n`)
  t.is(exitCode, 0)
})

test('--help lists every command', async t => {
  const { stdout, stderr, exitCode } = await runCommand(t, ['--help'])
  for (const verb of Object.keys(verbs)) t.regex(stdout, new RegExp(`^ +${verb} `, 'm'))
  t.is(stderr, '')
  t.is(exitCode, 0)
})

for (const path of pathsOf(verbs))
  test(`${path} --help has examples that begin with a command`, async t => {
    const { stdout, exitCode } = await runCommand(t, [...path.split(' '), '--help'])
    t.regex(stdout, /^Examples:\n {2}\S/m)
    t.true(stdout.includes('--json'))
    t.is(exitCode, 0)
  })

test('a group lists its commands, and without one is a usage error that shows them', async t => {
  const help = await runCommand(t, ['catalog', '--help'])
  t.is(help.exitCode, 0)
  t.regex(help.stdout, /^ +ls /m)
  const bare = await runCommand(t, ['catalog'])
  t.is(bare.exitCode, 2)
  t.true(bare.stderr.startsWith(help.stdout.slice(0, 100)))
  t.regex(bare.stderr, /p2pshare: Say which command: p2pshare catalog <command>\n/)
  const mistyped = await runCommand(t, ['catalog', 'lss'])
  t.is(mistyped.exitCode, 2)
  t.true(mistyped.stderr.includes('Did you mean ls?'))
})

test('help of a command in a group is its --help', async t => {
  const asked = await runCommand(t, ['help', 'catalog', 'identity', 'export'])
  t.is(asked.stdout, (await runCommand(t, ['catalog', 'identity', 'export', '--help'])).stdout)
})

test('every command takes the discovery options, also one that uses no network', async t => {
  for (const { options } of await everyCommand())
    for (const name of ['--dht-bootstrap', '--no-dht', '--no-lsd'])
      t.true(options.some(({ long }) => long === name))
  const args = ['catalog', 'ls', '--no-dht', '--no-lsd', '--dht-bootstrap', '127.0.0.1:1']
  t.is((await runCommand(t, args)).exitCode, 0)
})

test('help of a command is its --help', async t => {
  const asked = await runCommand(t, ['help', 'seed'])
  t.is(asked.stdout, (await runCommand(t, ['seed', '--help'])).stdout)
})

test('the help names a variable that is called otherwise than its option', async t => {
  const { stdout } = await runCommand(t, ['box', 'start', '--help'])
  t.true(stdout.includes('--listen as P2PSHARE_LISTEN, --watch as P2PSHARE_WATCH_FOLDERS.'), stdout)
})

test('no words at all print the help on stderr and are a usage error', async t => {
  const { stdout, stderr, exitCode } = await runCommand(t, [])
  t.is(stdout, '')
  t.regex(stderr, /Usage: p2pshare/)
  t.is(exitCode, 2)
})

const misuses: Record<string, string[]> = {
  'an unknown command': ['sed', 'zoo.avi'],
  'an unknown option': ['seed', 'zoo.avi', '--fast'],
  'a missing argument': ['get'],
  'a value that is no size': ['create', 'zoo.avi', '--piece-size', 'big'],
  'a word that is no choice': ['seed', 'zoo.avi', '--location', 'hide'],
  'a port out of range': ['seed', 'zoo.avi', '--port', '65536'],
}

for (const [what, args] of Object.entries(misuses))
  test(`${what} is a usage error that says where to look`, async t => {
    const { stdout, stderr, exitCode } = await runCommand(t, args)
    t.is(exitCode, 2)
    t.is(stdout, '')
    t.regex(stderr, /^p2pshare: .+\n {2}.+\n {2}ERR_(USAGE|INVALID_ARGUMENT)\n$/)
  })

test('with --json an error is also an object on stdout', async t => {
  const { events, exitCode } = await runCommand(t, ['seed', 'zoo.avi', '--json', '--port', 'x'])
  const [error] = events()
  t.is(error?.event, 'error')
  t.is(error?.code, 'ERR_INVALID_ARGUMENT')
  t.is(exitCode, 2)
})

test('an option comes from the environment, and the error names the variable', async t => {
  const variables = { P2PSHARE_PIECE_SIZE: 'big' }
  const { stderr, exitCode } = await runCommand(t, ['create', 'zoo.avi'], { variables })
  t.is(exitCode, 2)
  t.true(stderr.includes('P2PSHARE_PIECE_SIZE'))
})

test('the command line goes before the environment', async t => {
  const variables = { P2PSHARE_PIECE_SIZE: 'big' }
  const { stderr } = await runCommand(t, ['create', 'gone.avi', '--piece-size', '64K'], { variables })
  t.true(stderr.includes('ERR_PATH_NOT_FOUND'))
})

test('a flag in the environment is 1 or 0 and nothing else', async t => {
  const { exitCode, stderr } = await runCommand(t, ['create', 'x'], {
    variables: { P2PSHARE_HIDDEN: 'perhaps' },
  })
  t.is(exitCode, 2)
  t.true(stderr.includes('P2PSHARE_HIDDEN'))
})

test('docs/options.md lists every option with its variable', async t => {
  const text = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8')
  const listed = new Map(
    [...text.matchAll(/^\| `(P2PSHARE_\w+)` \| `(-[^`]+)`/gm)].map(row => [row[1], row[2]]),
  )
  const options = (await everyCommand()).flatMap(({ options }) => [...options])
  t.deepEqual(
    [...listed].sort(),
    [...new Map(options.map(option => [variableOf(option), option.flags]))].sort(),
  )
})

test('docs/options.md says of each variable which commands heed it, in the order of the help', async t => {
  const text = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8')
  const listed = new Map(
    [...text.matchAll(/^\| `(P2PSHARE_\w+)` \| `-[^`]+` \| (.*) \|$/gm)].map(row => [row[1], row[2]]),
  )
  const commands = await everyCommand()
  for (const [variable, of] of listed) {
    const having = (isMeant: (option: Option) => boolean) =>
      commands.filter(({ options }) =>
        options.some(option => variableOf(option) === variable && isMeant(option)),
      )
    const heeding = having(({ hidden }) => !hidden)
    const isEverywhere = having(() => true).length === commands.length
    const names = heeding.length === commands.length ? '' : groupsOf(heeding, commands).join(', ')
    const everywhere = names === '' ? 'every command' : `every command; of use to ${names}`
    t.is(of, isEverywhere ? everywhere : names, variable)
  }
})

/** Their names; where all of a group are among them, the group's. */
function groupsOf(some: readonly Command[], all: readonly Command[]): string[] {
  const names = some.map(command => {
    const { parent } = command
    const siblings = all.filter(one => one.parent === parent)
    const isWhole = siblings.length > 1 && siblings.every(one => some.includes(one))
    return nameOf(isWhole ? parent! : command)
  })
  return [...new Set(names)]
}

/** `catalog ls`. */
function nameOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name()
}

async function everyCommand(): Promise<Command[]> {
  const screen = process.stderr
  const env: Env = {
    args: [],
    cwd: '/',
    stdin: process.stdin,
    stdout: screen,
    stderr: screen,
    variables: {},
    clock: systemClock,
    signal: new AbortController().signal,
    interrupt: () => {},
    onHangUp: () => () => {},
    program: ['p2pshare'],
  }
  const below = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(below)
  return below(await buildProgram(env))
}
