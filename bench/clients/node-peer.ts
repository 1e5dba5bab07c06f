import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SwarmInit } from 'p2pshare'
import { JsonChild } from '../../test/kit/json-child.ts'
import type { Owner } from '../../test/kit/owner.ts'
import type { ExternalPeer, LeechOptions } from '../../test/kit/peers/external-peer.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'

/** What a swarm is set up with; the plain package knows of the upload limit alone. */
export type NodePeerInit = Pick<SwarmInit, 'encryption' | 'uploadBytesPerSecond' | 'maxPeers'>

/** A client for Node in a process of its own: p2pshare with its native engine, or the plain webtorrent package. */
export class NodePeer implements ExternalPeer {
  readonly name: string
  readonly #owner: Owner
  readonly #child: JsonChild
  readonly #init: NodePeerInit
  #port: Promise<number> | undefined

  constructor(owner: Owner, name: 'p2pshare' | 'webtorrent', init: NodePeerInit = {}) {
    this.name = name
    this.#owner = owner
    this.#init = init
    const script = new URL(name === 'p2pshare' ? 'swarm-child.js' : 'webtorrent-child.js', import.meta.url)
    this.#child = new JsonChild(owner, name, process.execPath, [fileURLToPath(script)])
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Opens the port, and resolves to it; whatever comes first does so anyway. */
  ready(): Promise<number> {
    this.#port ??= this.#start()
    return this.#port
  }

  async seed(torrent: Uint8Array, folder: string): Promise<string> {
    const port = await this.ready()
    await this.#child.ask('seed', { torrent: await this.#write(torrent), folder })
    return `127.0.0.1:${port}`
  }

  async leech(torrent: Uint8Array, folder: string, { peers = [] }: LeechOptions): Promise<string> {
    const port = await this.ready()
    await this.#child.ask('leech', { torrent: await this.#write(torrent), folder, peers })
    return `127.0.0.1:${port}`
  }

  async connect(peer: string): Promise<void> {
    await this.#child.ask('connect', { peer })
  }

  /** Bytes sent since the start. */
  async uploadedBytes(): Promise<number> {
    return (await this.#child.ask<{ bytes: number }>('uploaded')).bytes
  }

  /** Serves the first file over HTTP while it is fetched. Answers its address. */
  async play(): Promise<string> {
    return (await this.#child.ask<{ url: string }>('play')).url
  }

  /** How long others had to wait for the event loop of p2pshare since the last question; the first one begins to watch. */
  loopDelay(): Promise<{ maxMs: number; p99Ms: number }> {
    return this.#child.ask('loopDelay')
  }

  progress(): Promise<{ state: string; peers: number; haveBytes: number }> {
    return this.#child.ask('progress')
  }

  async finished(): Promise<void> {
    await this.#child.ask('finished')
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }

  async #start(): Promise<number> {
    const home = await temporaryFolder(this.#owner, 'home')
    return (await this.#child.ask<{ port: number }>('start', { home, ...this.#init })).port
  }

  async #write(torrent: Uint8Array): Promise<string> {
    const file = join(await temporaryFolder(this.#owner, 'torrent'), 'it.torrent')
    await writeFile(file, torrent)
    return file
  }
}
