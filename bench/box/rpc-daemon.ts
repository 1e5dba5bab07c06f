import type { Child } from '../../test/kit/child.ts'
import { TransmissionRpc } from '../../test/kit/peers/transmission-rpc.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'
import { listFields, type RunningDaemon } from './daemon.ts'
import { endOrderly } from './orderly-end.ts'

const seedingStatus = 6

/** A running daemon that is steered by the RPC of Transmission, as p2pshare and Transmission are. */
export class RpcDaemon implements RunningDaemon {
  readonly #child: Child
  readonly #rpc: TransmissionRpc
  readonly pageUrl: string | undefined

  constructor(child: Child, url: string, { hasPage = false } = {}) {
    this.pageUrl = hasPage ? url : undefined
    this.#child = child
    this.#rpc = new TransmissionRpc(url)
  }

  get pid(): number {
    return this.#child.pid
  }

  async ready(): Promise<void> {
    await waitUntil('it answers', () => this.#rpc.call('session-get', { fields: ['version'] }), {
      timeoutMs: 120_000,
      intervalMs: 10,
      state: this.#child.output,
    })
  }

  async add(torrent: Uint8Array, folder: string): Promise<void> {
    const metainfo = Buffer.from(torrent).toString('base64')
    await this.#rpc.call('torrent-add', { metainfo, 'download-dir': folder })
  }

  async seeding(): Promise<number> {
    const torrents = await this.#torrents<{ status: number }>(['status'])
    return torrents.filter(({ status }) => status === seedingStatus).length
  }

  async list(): Promise<number> {
    return (await this.#torrents(listFields)).length
  }

  async stop(): Promise<void> {
    await endOrderly(this.#child)
  }

  async #torrents<T>(fields: readonly string[]): Promise<T[]> {
    return (await this.#rpc.call<{ torrents: T[] }>('torrent-get', { fields })).torrents
  }
}
