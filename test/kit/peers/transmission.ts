import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from '../child.ts'
import type { Namespace } from '../namespace.ts'
import type { Owner } from '../owner.ts'
import { temporaryFolder } from '../temp-folder.ts'
import { waitUntil } from '../wait-until.ts'
import type { ExternalPeer } from './external-peer.ts'
import { TransmissionRpc } from './transmission-rpc.ts'
import { transmissionSettings } from './transmission-settings.ts'

const rpcPort = 9091
const peerPort = 51413
const fields = ['percentDone', 'status', 'error', 'errorString', 'peersConnected', 'recheckProgress'] as const
const seeding = 6

type Status = Record<(typeof fields)[number], number>

/**
 * transmission-daemon. It refuses peers in 127.0.0.0/8 and cannot be given a peer, so it lives in a namespace of its
 * own (where its ports are free) and is dialled.
 */
export class Transmission implements ExternalPeer {
  readonly name = 'transmission'
  readonly #owner: Owner
  readonly #namespace: Namespace
  #child: Child | undefined
  readonly #rpc: TransmissionRpc

  constructor(owner: Owner, namespace: Namespace) {
    this.#owner = owner
    this.#namespace = namespace
    this.#rpc = new TransmissionRpc(`http://${namespace.inside}:${rpcPort}`)
  }

  get pid(): number {
    return this.#running.pid
  }

  async seed(torrent: Uint8Array, folder: string): Promise<string> {
    const address = await this.#start(torrent, folder)
    await this.#wait('transmission seeds', status => status.percentDone === 1 && status.status === seeding)
    return address
  }

  leech(torrent: Uint8Array, folder: string): Promise<string> {
    return this.#start(torrent, folder)
  }

  finished(): Promise<void> {
    return this.#wait(
      'transmission has it all',
      status => status.percentDone === 1 && status.status === seeding,
    )
  }

  async stop(): Promise<void> {
    await this.#child?.stop()
  }

  get #running(): Child {
    if (!this.#child) throw new Error('transmission has not been started')
    return this.#child
  }

  async #start(torrent: Uint8Array, folder: string): Promise<string> {
    const config = await temporaryFolder(this.#owner, 'transmission')
    const place = { host: this.#namespace.inside, peerPort, rpcPort }
    const settings = { ...transmissionSettings(place), 'download-dir': folder }
    await writeFile(join(config, 'settings.json'), JSON.stringify(settings))
    const command = ['transmission-daemon', '--foreground', '--config-dir', config]
    const [program, ...args] = this.#namespace.command(command)
    this.#child = startChild(this.#owner, program!, args)
    const metainfo = Buffer.from(torrent).toString('base64')
    await waitUntil('transmission takes the torrent', () => this.#rpc.call('torrent-add', { metainfo }), {
      state: () => this.#running.output(),
    })
    return `${this.#namespace.inside}:${peerPort}`
  }

  async #wait(what: string, done: (status: Status) => boolean): Promise<void> {
    let status: Status | undefined
    await waitUntil(
      what,
      async () => {
        const { torrents } = await this.#rpc.call<{ torrents: Status[] }>('torrent-get', { fields })
        status = torrents[0]
        return status && done(status)
      },
      { timeoutMs: 120_000, intervalMs: 100, state: () => [status, this.#running.output()] },
    )
  }
}
