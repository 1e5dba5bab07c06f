import { platform } from 'node:os'
import type { Command } from 'commander'
import { P2pShareError } from '../../../core/index.ts'
import { agree } from '../../agreement.ts'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { homeOf } from '../../env.ts'
import { option } from '../../options.ts'
import { lastingProgram } from '../../service/lasting-program.ts'
import { agentLabel, launchdPlist } from '../../service/launchd-plist.ts'
import { serviceOf } from '../../service/service.ts'
import { systemdUnit, unitName } from '../../service/systemd-unit.ts'
import { UserServices } from '../../service/user-services.ts'

interface InstallFlags {
  print?: boolean
  remove?: boolean
  yes?: boolean
}

const npxWarning = 'npx throws its copy away now and then: better npm install --global p2pshare first.'

export const install: CliCommand<InstallFlags> = {
  examples: [
    ['p2pshare box install', 'start it now and with this machine; shows first what is written'],
    ['p2pshare box install --print', 'only print the unit of systemd, or on macOS the agent of launchd'],
    ['p2pshare box install --remove', 'stop it and take the unit away; what the box keeps stays'],
  ],
  define(command: Command) {
    command
      .addOption(option('--print', 'print what would be written, and change nothing'))
      .addOption(option('--remove', 'stop the service and take it away'))
      .addOption(option('-y, --yes', 'do not ask'))
  },
  async run(invocation) {
    const { env, printer, flags } = invocation
    const { program, isFleeting } = await lastingProgram(env.program)
    const warning = isFleeting ? npxWarning : undefined
    const service = serviceOf(program, homeOf(env))
    const isMac = platform() === 'darwin'
    const text = isMac ? launchdPlist(service) : systemdUnit(service)
    if (flags.print) {
      printer.event('service', { text })
      printer.result(text.trimEnd())
      return warning && printer.note(warning)
    }
    if (isMac)
      throw new P2pShareError(
        'ERR_USAGE',
        `On macOS: p2pshare box install --print > ~/Library/LaunchAgents/${agentLabel}.plist, then launchctl load that file`,
      )
    await (flags.remove ? remove(invocation) : add(text, warning, invocation))
  },
}

async function add(
  unit: string,
  warning: string | undefined,
  { env, printer, flags }: Invocation<InstallFlags>,
): Promise<void> {
  const services = new UserServices(env)
  printer.note(`${services.path}:\n\n${unit}`)
  if (warning) printer.note(warning)
  await agree({ question: 'Write it and start the box?', refusal: 'Nothing is written' }, flags.yes, env)
  await services.install(unit)
  printer.event('installed', { path: services.path, unit: unitName })
  printer.result(services.path)
  printer.note(
    `It runs: systemctl --user status ${unitName}, p2pshare box logs -f\nTo have it run while you are not signed in: loginctl enable-linger`,
  )
}

async function remove({ env, printer }: Invocation<InstallFlags>): Promise<void> {
  const services = new UserServices(env)
  const { wasThere, problem } = await services.remove()
  if (!wasThere) return printer.note(`There is nothing at ${services.path}`)
  printer.event('uninstalled', { path: services.path, unit: unitName })
  printer.result(`${services.path} is gone`)
  if (problem)
    printer.note(`systemd could not be told: ${problem.message}\nIf the box runs, p2pshare box stop ends it.`)
}
