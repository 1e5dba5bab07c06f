import { findHome, identityPath, loadIdentity } from '../../../core/index.ts'
import { tellExposedKey } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { homeOf } from '../../env.ts'

export const whoami: CliCommand = {
  examples: [
    ['p2pshare catalog whoami', 'the public key that your listings are signed with'],
    ['p2pshare catalog whoami --json | jq -r .path', 'where the secret half is kept'],
  ],
  define() {},
  async run({ env, printer }) {
    const home = findHome(homeOf(env))
    const { publicKey } = await loadIdentity(home)
    printer.event('identity', { publicKey, path: identityPath(home) })
    printer.result(publicKey)
    await tellExposedKey(env, printer)
    printer.note('To keep a copy of your key: p2pshare catalog identity export -o key.age')
  },
}
