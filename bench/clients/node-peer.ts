import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JsonChild } from '../../test/kit/json-child.ts'
import type { Owner } from '../../test/kit/owner.ts'
import type { ExternalPeer, LeechOptions } from '../../test/kit/peers/external-peer.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'

/** A client for Node in a process of its own: p2pshare, or the plain webtorrent package. */
export class NodePeer implements ExternalPeer {
  readonly name: string
  readonly #owner: Owner
  readonly #child: JsonChild

  constructor(owner: Owner, name: 'p2pshare' | 'webtorrent') {
    this.name = name
    this.#owner = owner
    const script = new URL(name === 'p2pshare' ? 'swarm-child.ts' : 'webtorrent-child.js', import.meta.url)
    this.#child = new JsonChild(owner, name, process.execPath, [fileURLToPath(script)])
  }

  get pid(): number {
    return this.#child.pid
  }

  async seed(torrent: Uint8Array, folder: string): Promise<string> {
    const { port, file } = await this.#start(torrent)
    await this.#child.ask('seed', { torrent: file, folder })
    return `127.0.0.1:${port}`
  }

  async leech(torrent: Uint8Array, folder: string, { peers = [] }: LeechOptions): Promise<string> {
    const { port, file } = await this.#start(torrent)
    await this.#child.ask('leech', { torrent: file, folder, peers })
    return `127.0.0.1:${port}`
  }

  async finished(): Promise<void> {
    await this.#child.ask('finished')
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }

  async #start(torrent: Uint8Array): Promise<{ port: number; file: string }> {
    const home = await temporaryFolder(this.#owner, 'home')
    const file = join(home, 'it.torrent')
    await writeFile(file, torrent)
    const { port } = await this.#child.ask<{ port: number }>('start', { home })
    return { port, file }
  }
}
