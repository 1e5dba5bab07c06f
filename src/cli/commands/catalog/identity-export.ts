import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import {
  exportIdentity,
  findHome,
  loadIdentity,
  P2pShareError,
  writeFileAtomic,
} from '../../../core/index.ts'
import type { CliCommand } from '../../cli-command.ts'
import { homeOf } from '../../env.ts'
import { option } from '../../options.ts'
import { definePassphrase, type PassphraseFlags, readPassphrase } from '../../passphrase.ts'

interface ExportFlags extends PassphraseFlags {
  out?: string
}

const secretMode = 0o600

export const identityExport: CliCommand<ExportFlags> = {
  examples: [
    ['p2pshare catalog identity export -o key.age', 'asks for a passphrase, and writes the file'],
    ['age -d key.age', 'what opens it without p2pshare'],
  ],
  define(command: Command) {
    command.addOption(option('-o, --out <file>', 'write it to this new file (default: stdout)'))
    definePassphrase(command)
  },
  async run({ env, printer, flags }) {
    const path = flags.out === undefined || flags.out === '-' ? undefined : resolve(env.cwd, flags.out)
    if (path !== undefined) await refuseTaken(path)
    const identity = await loadIdentity(findHome(homeOf(env)))
    const passphrase = await readPassphrase(flags, env, { isNew: true })
    const text = await exportIdentity(identity, passphrase)
    const { publicKey } = identity
    if (path === undefined) {
      printer.event('exported', { publicKey, text })
      printer.result(text)
      return
    }
    await writeFileAtomic(path, text.endsWith('\n') ? text : `${text}\n`, secretMode)
    printer.event('exported', { publicKey, path })
    printer.result(path)
    printer.note('Whoever has the file and the passphrase can publish as you')
  },
}

async function refuseTaken(path: string): Promise<void> {
  const isFree = await access(path).then(
    () => false,
    () => true,
  )
  if (!isFree)
    throw new P2pShareError('ERR_TARGET_EXISTS', `${path} exists already: give --out the name of a new file`)
}
