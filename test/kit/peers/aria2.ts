import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from '../child.ts'
import { freePort } from '../free-port.ts'
import type { Owner } from '../owner.ts'
import { temporaryFolder } from '../temp-folder.ts'
import { waitUntil } from '../wait-until.ts'
import type { ExternalPeer, LeechOptions } from './external-peer.ts'

/** aria2c. It finds peers through a tracker only, so a leech of it needs one; others may also dial it. */
export class Aria2 implements ExternalPeer {
  readonly name = 'aria2'
  readonly #owner: Owner
  #child: Child | undefined

  constructor(owner: Owner) {
    this.#owner = owner
  }

  get pid(): number {
    return this.#running.pid
  }

  async seed(torrent: Uint8Array, folder: string): Promise<string> {
    const address = await this.#start(torrent, folder, ['--check-integrity=true', '--seed-ratio=0.0'])
    await waitUntil('aria2 seeds', () => /seeding is started|SEED\(/i.test(this.#running.output()), {
      state: () => this.#running.output(),
    })
    return address
  }

  async leech(torrent: Uint8Array, folder: string, { tracker }: LeechOptions): Promise<string> {
    return this.#start(torrent, folder, ['--seed-time=0', ...(tracker ? [`--bt-tracker=${tracker}`] : [])])
  }

  /** As told, aria2 seeds for no time at all, and takes seconds more to say so to its tracker and exit. */
  async finished(): Promise<void> {
    const child = this.#running
    const done = waitUntil('aria2 has it all', () => /Seeding is over/.test(child.output()), {
      timeoutMs: 120_000,
      intervalMs: 5,
      state: () => child.output(),
    })
    const failed = child.exited.then(code => {
      if (code !== 0) throw new Error(`aria2 ended with ${code}: ${child.output()}`)
    })
    await Promise.race([done, failed])
  }

  async stop(): Promise<void> {
    await this.#child?.stop()
  }

  get #running(): Child {
    if (!this.#child) throw new Error('aria2 has not been started')
    return this.#child
  }

  async #start(torrent: Uint8Array, folder: string, options: string[]): Promise<string> {
    const scratch = await temporaryFolder(this.#owner, 'aria2')
    const file = join(scratch, 'it.torrent')
    await writeFile(file, torrent)
    const port = await freePort()
    this.#child = startChild(
      this.#owner,
      'aria2c',
      [
        '--no-conf',
        '--enable-dht=false',
        '--enable-dht6=false',
        '--bt-enable-lpd=false',
        '--enable-peer-exchange=false',
        '--disable-ipv6=true',
        '--interface=127.0.0.1',
        '--file-allocation=none',
        '--console-log-level=notice',
        '--summary-interval=1',
        `--listen-port=${port}`,
        `--dir=${folder}`,
        ...options,
        file,
      ],
      { env: { ...process.env, HOME: scratch } },
    )
    const listening = new RegExp(`listening on TCP port ${port}`)
    await waitUntil(`aria2 listens on port ${port}`, () => listening.test(this.#running.output()), {
      state: () => this.#running.output(),
    })
    return `127.0.0.1:${port}`
  }
}
