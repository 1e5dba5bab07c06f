import { Command, CommanderError } from 'commander'
import { P2pShareError, packageVersion } from '../core/index.ts'
import type { CliCommand } from './cli-command.ts'
import { type Env, hasColor } from './env.ts'
import { acceptNetwork, hasNetwork } from './network-options.ts'
import { applyEnvironment, hasOwnVariable, variableOf } from './option-environment.ts'
import { option } from './options.ts'
import { Printer } from './printer.ts'
import { type VerbGroup, verbs } from './verbs.ts'

/** The words that lead to a command, or `undefined` for all of them. */
type Wanted = readonly string[] | undefined

/**
 * The whole command line as commander has it.
 *
 * @param wanted the words of the command that gets its options; the others are only listed, so that their modules are not
 *   loaded. Without it every command gets them
 */
export async function buildProgram(env: Env, wanted?: readonly string[]): Promise<Command> {
  const program = new Command('p2pshare')
    .description('Share photos and videos over a BitTorrent swarm: everyone who downloads also reshares.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command...]', 'print help of a command')
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
  await addVerbs(program, { summary: '', verbs }, wanted, env)
  return program
}

/**
 * Runs the command line.
 *
 * @throws {P2pShareError} `ERR_USAGE` where the words make no command, else what the command throws
 */
export async function runProgram(env: Env): Promise<void> {
  const args = env.args[0] === 'help' ? [...env.args.slice(1), '--help'] : [...env.args]
  const program = await buildProgram(
    env,
    args.filter(arg => !arg.startsWith('-')),
  )
  if (args.length === 0) {
    env.stderr.write(`${program.helpInformation()}\n`)
    throw new P2pShareError(
      'ERR_USAGE',
      'Say what to do: p2pshare seed <path…> or p2pshare get <magnet link>',
    )
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return
    throw new P2pShareError('ERR_USAGE', usageOf(error, args), { cause: error })
  }
}

async function addVerbs(parent: Command, group: VerbGroup, wanted: Wanted, env: Env): Promise<void> {
  const chosen = wanted && (Object.hasOwn(group.verbs, wanted[0] ?? '') ? wanted[0] : group.fallback)
  for (const [name, verb] of Object.entries(group.verbs)) {
    const command = parent
      .command(name, { isDefault: name === group.fallback })
      .summary(verb.summary)
      .description(sentence(verb.summary))
    const isWanted = wanted === undefined || name === chosen
    if ('verbs' in verb) {
      command
        .helpCommand(false)
        .addHelpText('after', `\nExamples of each command: ${pathOf(command)} <command> --help`)
      if (isWanted) await addVerbs(command, verb, wanted?.slice(1), env)
    } else if (isWanted) define(command, await verb.load(), env)
  }
}

function define(command: Command, verb: CliCommand, env: Env): void {
  verb.define(command)
  if (!hasNetwork(command)) acceptNetwork(command)
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
  const [first, ...others] = command.options.filter(({ hidden }) => !hidden)
  const told = first ? [first, ...others.filter(hasOwnVariable)] : []
  const variables = told.map(option => `${option.long} as ${variableOf(option)}`).join(', ')
  const environment = first ? `\n\nEvery option also from the environment: ${variables}.` : ''
  return `\nExamples:\n${lines.join('\n')}${environment}`
}

function usageOf(error: CommanderError, args: readonly string[]): string {
  if (error.code === 'commander.help')
    return `Say which command: p2pshare ${args.filter(arg => !arg.startsWith('-')).join(' ')} <command>`
  return error.message.replace(/^error: /, '').replaceAll('\n', ' ')
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
}
