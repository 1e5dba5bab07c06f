import { fileURLToPath } from 'node:url'
import { startChild } from '../../test/kit/child.ts'
import { freePort } from '../../test/kit/free-port.ts'
import type { Owner } from '../../test/kit/owner.ts'
import type { Daemon } from './daemon.ts'
import { RpcDaemon } from './rpc-daemon.ts'

const launcher = fileURLToPath(new URL('../../bin/p2pshare.js', import.meta.url))
const alone = ['--port', '0', '--no-dht', '--no-lsd', '--no-pex', '--no-nat']

/** What `p2pshare box install` has Node started with. */
const nodeFlags = ['--max-semi-space-size=8']

/** A box of the built package, as it is run for long, that finds nobody by itself. */
export async function startBoxProcess(
  owner: Owner,
  home: string,
  options: readonly string[] = [],
): Promise<{ readonly child: ReturnType<typeof startChild>; readonly url: string }> {
  const address = `127.0.0.1:${await freePort()}`
  const command = [...nodeFlags, launcher, 'box', 'start', '--listen', address, ...alone, ...options]
  const env = { ...process.env, P2PSHARE_HOME: home, HOME: home }
  return { child: startChild(owner, process.execPath, command, { env }), url: `http://${address}` }
}

export const p2pshare: Daemon = {
  name: 'p2pshare',
  isHere: () => true,
  async start(owner, home) {
    const { child, url } = await startBoxProcess(owner, home)
    return new RpcDaemon(child, url, { hasPage: true })
  },
}
