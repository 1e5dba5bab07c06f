import type { Command } from 'commander'
import type { Check } from '../checks/check.ts'
import type { CliCommand } from '../cli-command.ts'
import { homeOf } from '../env.ts'
import { defineNetwork, type NetworkFlags } from '../network-options.ts'
import { option } from '../options.ts'
import { StatusLine } from '../status-line.ts'
import { formatTable } from '../table.ts'

interface DoctorFlags extends NetworkFlags {
  offline?: boolean
}

export const doctor: CliCommand<DoctorFlags> = {
  examples: [
    ['p2pshare doctor', 'check everything'],
    ['p2pshare doctor --port 28771', 'check that a certain port can be opened'],
    ['p2pshare doctor --offline --json', 'check only this machine, for a script'],
  ],
  define(command: Command) {
    defineNetwork(command)
    command.addOption(option('--offline', 'send nothing: leave out DHT, local network and router'))
  },
  async run({ env, printer, flags }) {
    const network = flags.offline ? { ...flags, dht: false, lsd: false, nat: false } : flags
    const machine = await import('../checks/machine.ts')
    const { checkLocalDiscovery, checkPortAndDht, checkRouter } = await import('../checks/network.ts')
    const status = await StatusLine.open(env, printer)
    status.update({ label: 'Checking', details: 'this machine and its network' })
    const found = await Promise.all([
      [machine.checkNode()],
      checkPortAndDht(env, network),
      one(checkLocalDiscovery(network)),
      one(checkRouter(network, env)),
      one(machine.checkFfmpeg(env.signal)),
      machine.checkFolders(homeOf(env), env.cwd),
      one(machine.checkSpace(env.cwd)),
    ]).finally(() => status.close())
    const checks = found.flat()
    for (const { name, status, detail, remedy, error } of checks)
      printer.event('check', { name, status, detail, remedy, code: error?.code })
    if (!printer.isJson) {
      printer.result(await formatTable(['Status', 'What', ''], checks.map(row), env.stdout, env))
      for (const { name, remedy } of checks) if (remedy) printer.result(`${name}: ${remedy}`)
    }
    const failed = checks.find(({ error }) => error !== undefined)
    if (failed) throw failed.error
  },
}

async function one(check: Promise<Check>): Promise<Check[]> {
  return [await check]
}

function row({ name, status, detail }: Check): string[] {
  return [status, name, detail]
}
