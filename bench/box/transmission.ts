import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startChild } from '../../test/kit/child.ts'
import { findProgram } from '../../test/kit/external.ts'
import { freePort } from '../../test/kit/free-port.ts'
import { transmissionSettings } from '../../test/kit/peers/transmission-settings.ts'
import type { Daemon } from './daemon.ts'
import { RpcDaemon } from './rpc-daemon.ts'

export const transmission: Daemon = {
  name: 'transmission',
  isHere: () => findProgram('transmission-daemon') !== undefined,
  async start(owner, home) {
    const rpcPort = await freePort()
    const settings = {
      ...transmissionSettings({ host: '127.0.0.1', peerPort: await freePort(), rpcPort }),
      'seed-queue-enabled': false,
      'download-queue-enabled': false,
      // Errors alone: it would say something of every torrent.
      'message-level': 1,
    }
    await writeFile(join(home, 'settings.json'), JSON.stringify(settings))
    const child = startChild(owner, 'transmission-daemon', ['--foreground', '--config-dir', home])
    return new RpcDaemon(child, `http://127.0.0.1:${rpcPort}`)
  },
}
