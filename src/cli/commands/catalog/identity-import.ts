import { resolve } from 'node:path'
import type { Command } from 'commander'
import { findHome, importIdentity, saveIdentity } from '../../../core/index.ts'
import type { CliCommand } from '../../cli-command.ts'
import { homeOf } from '../../env.ts'
import { option } from '../../options.ts'
import { definePassphrase, type PassphraseFlags, readPassphrase } from '../../passphrase.ts'
import { readText } from '../../read-input.ts'

interface ImportFlags extends PassphraseFlags {
  replace?: boolean
}

const maxExportBytes = 65_536

export const identityImport: CliCommand<ImportFlags> = {
  examples: [
    ['p2pshare catalog identity import key.age', 'publish under the key that was exported'],
    ['p2pshare catalog identity import key.age --replace', 'the key that is here is set aside, not lost'],
  ],
  define(command: Command) {
    command
      .argument('<file>', 'what catalog identity export wrote; - for stdin')
      .addOption(option('--replace', 'set another key that is here aside'))
    definePassphrase(command)
  },
  async run({ env, printer, args, flags }) {
    const [word = ''] = args
    const text = await readText(word, maxExportBytes, env)
    const passphrase = await readPassphrase(flags, env, { isNew: false })
    const identity = await importIdentity(text, passphrase)
    const home = findHome(homeOf(env))
    const asidePath = await saveIdentity(home, identity, { replace: flags.replace })
    const { publicKey } = identity
    printer.event('identity', { publicKey, asidePath })
    printer.result(publicKey)
    if (asidePath) printer.note(`The key that was here is kept in ${resolve(asidePath)}`)
  },
}
