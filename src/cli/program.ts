import { Command, CommanderError } from 'commander'
import { P2pShareError, packageVersion } from '../core/index.ts'
import type { CliCommand } from './cli-command.ts'
import { type Env, hasColor } from './env.ts'
import { applyEnvironment, variableOf } from './option-environment.ts'
import { option } from './options.ts'
import { Printer } from './printer.ts'

interface Verb {
  readonly summary: string
  load(): Promise<CliCommand>
}

const verbs: Readonly<Record<string, Verb>> = {
  seed: {
    summary: 'share photos, videos and folders; prints the magnet link and stays up seeding',
    load: async () => (await import('./commands/seed.ts')).seed,
  },
  get: {
    summary: 'fetch by magnet link, info-hash, .torrent file or address; seeds on afterwards',
    load: async () => (await import('./commands/get.ts')).get,
  },
  create: {
    summary: 'make a .torrent file without sharing it yet',
    load: async () => (await import('./commands/create.ts')).create,
  },
  info: {
    summary: 'say what a torrent, a magnet link, a photo, a video or a folder holds',
    load: async () => (await import('./commands/info.ts')).info,
  },
  verify: {
    summary: 'check files on disk against a torrent, file by file',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  doctor: {
    summary: 'check this machine: ports, DHT, local discovery, router, ffmpeg, folders',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  completions: {
    summary: 'print the completion script of a shell',
    load: async () => (await import('./commands/completions.ts')).completions,
  },
}

/**
 * The whole command line as commander has it.
 *
 * @param wanted the verbs that get their options; the others are only listed, so that their modules are not loaded
 */
export async function buildProgram(
  env: Env,
  wanted: readonly string[] = Object.keys(verbs),
): Promise<Command> {
  const program = new Command('p2pshare')
    .description('Share photos and videos over a BitTorrent swarm: everyone who downloads also reshares.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: text => void env.stdout.write(text),
      writeErr: text => void env.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => env.stdout.columns ?? 80,
      getErrHelpWidth: () => env.stderr.columns ?? 80,
      getOutHasColors: () => hasColor(env.stdout, env),
      getErrHasColors: () => hasColor(env.stderr, env),
    })
    .addHelpText('after', '\nExamples of each command: p2pshare <command> --help')
  for (const [name, verb] of Object.entries(verbs)) {
    const command = program.command(name).summary(verb.summary).description(sentence(verb.summary))
    if (wanted.includes(name)) define(command, await verb.load(), env)
  }
  return program
}

/**
 * Runs the command line.
 *
 * @throws {P2pShareError} `ERR_USAGE` where the words make no command, else what the command throws
 */
export async function runProgram(env: Env): Promise<void> {
  const words = env.args.filter(arg => !arg.startsWith('-')).slice(0, 2)
  const program = await buildProgram(env, words)
  if (env.args.length === 0) {
    env.stderr.write(`${program.helpInformation()}\n`)
    throw new P2pShareError(
      'ERR_USAGE',
      'Say what to do: p2pshare seed <path…> or p2pshare get <magnet link>',
    )
  }
  try {
    await program.parseAsync([...env.args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return
    throw new P2pShareError('ERR_USAGE', error.message.replace(/^error: /, '').replaceAll('\n', ' '), {
      cause: error,
    })
  }
}

function define(command: Command, verb: CliCommand, env: Env): void {
  verb.define(command)
  command.addOption(option('--json', 'print one JSON object a line on stdout'))
  command.addHelpText('after', helpAfter(verb, command))
  command.action(async () => {
    applyEnvironment(command, env.variables)
    const flags = command.opts()
    const printer = new Printer(env, flags.json === true)
    await verb.run({ env, printer, args: command.args, flags, program: () => buildProgram(env) })
  })
}

function helpAfter({ examples }: CliCommand, command: Command): string {
  const lines = examples.map(([line, meaning]) => `  ${line}\n      ${meaning}`)
  const [first] = command.options
  const variable = first
    ? `\n\nEvery option also from the environment: ${first.long} as ${variableOf(first)}.`
    : ''
  return `\nExamples:\n${lines.join('\n')}${variable}`
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
}
