import { fileURLToPath } from 'node:url'
import { BoxClient } from '../../src/box/index.ts'
import { serviceOf } from '../../src/cli/service/service.ts'
import { writeBoxSettings } from '../../test/kit/box-settings.ts'
import { type Child, startChild } from '../../test/kit/child.ts'
import { freePort } from '../../test/kit/free-port.ts'
import type { Owner } from '../../test/kit/owner.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'
import type { Daemon } from './daemon.ts'
import { RpcDaemon } from './rpc-daemon.ts'

const launcher = fileURLToPath(new URL('../../bin/p2pshare.js', import.meta.url))
const alone = ['--port', '0', '--no-dht', '--no-lsd', '--no-pex', '--no-nat']

/** A box of the built package, which finds nobody by itself, as `p2pshare box install` has it started. */
async function startProcess(owner: Owner, home: string): Promise<{ child: Child; url: string }> {
  const address = `127.0.0.1:${await freePort()}`
  const [node, ...script] = serviceOf([process.execPath, launcher], home).program
  const env = { ...process.env, P2PSHARE_HOME: home, HOME: home }
  const child = startChild(owner, node!, [...script, 'box', 'start', '--listen', address, ...alone], { env })
  return { child, url: `http://${address}` }
}

/** Such a box with a new home and settings of its own, once it answers. */
export async function startBoxWith(
  owner: Owner,
  settings: string,
): Promise<{ readonly child: Child; readonly url: string; readonly client: BoxClient }> {
  const home = await temporaryFolder(owner, 'home')
  await writeBoxSettings(home, settings)
  const { child, url } = await startProcess(owner, home)
  const client = await waitUntil(
    'the box answers',
    async () => {
      const found = await BoxClient.find(home)
      await found.status()
      return found
    },
    { state: child.output },
  )
  return { child, url, client }
}

export const p2pshare: Daemon = {
  name: 'p2pshare',
  isHere: () => true,
  async start(owner, home) {
    const { child, url } = await startProcess(owner, home)
    return new RpcDaemon(child, url, { hasPage: true })
  },
}
