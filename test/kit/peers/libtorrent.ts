import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { systemPython } from '../external.ts'
import { JsonChild } from '../json-child.ts'
import type { Owner } from '../owner.ts'
import { temporaryFolder } from '../temp-folder.ts'
import { waitUntil } from '../wait-until.ts'
import type { ExternalPeer, LeechOptions } from './external-peer.ts'

const script = fileURLToPath(new URL('libtorrent_peer.py', import.meta.url))
const deadlineSeconds = 120

interface Status {
  seeding: boolean
  state: string
  progress: number
  peers: number
  alerts: string[]
}

/** How libtorrent numbers its policies, and the levels that it allows. */
const encryptionSettings = {
  required: { in_enc_policy: 0, out_enc_policy: 0, allowed_enc_level: 2 },
  preferred: { in_enc_policy: 1, out_enc_policy: 1, allowed_enc_level: 3 },
  forbidden: { in_enc_policy: 2, out_enc_policy: 2, allowed_enc_level: 3 },
} as const

export interface LibtorrentInit {
  /** `required` means RC4 all the way. @default 'preferred' */
  encryption?: keyof typeof encryptionSettings
}

/** libtorrent, through its Python binding. It dials the peers it is given, and is dialled. */
export class Libtorrent implements ExternalPeer {
  readonly name = 'libtorrent'
  readonly #owner: Owner
  readonly #child: JsonChild

  constructor(owner: Owner, { encryption = 'preferred' }: LibtorrentInit = {}) {
    this.#owner = owner
    const settings = JSON.stringify(encryptionSettings[encryption])
    this.#child = new JsonChild(owner, this.name, systemPython, [script, settings])
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Resolves once the program has been loaded and listens; whatever comes first waits for it anyway. */
  async ready(): Promise<void> {
    await this.#child.ask('listen')
  }

  async seed(torrent: Uint8Array, folder: string): Promise<string> {
    const address = await this.#add(torrent, folder)
    await this.#wait('Waited for libtorrent to seed')
    return address
  }

  async leech(torrent: Uint8Array, folder: string, { peers = [], tracker }: LeechOptions): Promise<string> {
    const address = await this.#add(torrent, folder, tracker ? [tracker] : [])
    for (const peer of peers) await this.connect(peer)
    return address
  }

  /** Fetches by a magnet link: the metadata, the piece layers of v2 and the content come from `peers`. */
  async leechMagnet(link: string, folder: string, peers: readonly string[]): Promise<void> {
    await this.#child.ask('add_magnet', { link, folder })
    for (const peer of peers) await this.connect(peer)
  }

  async connect(peer: string): Promise<void> {
    const [host, port] = peer.split(':')
    await this.#child.ask('connect', { host, port: Number(port) })
  }

  /** Limits what its torrent sends, loopback included. */
  async limitUpload(bytesPerSecond: number): Promise<void> {
    await this.#child.ask('limit_upload', { rate: bytesPerSecond })
  }

  /** Bytes of content sent since the start. */
  async uploadedBytes(): Promise<number> {
    return (await this.#child.ask<{ bytes: number }>('uploaded')).bytes
  }

  finished(): Promise<void> {
    return this.#wait('Waited for libtorrent to finish')
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }

  async #add(torrent: Uint8Array, folder: string, trackers: string[] = []): Promise<string> {
    const file = join(await temporaryFolder(this.#owner, 'libtorrent'), 'it.torrent')
    await writeFile(file, torrent)
    await this.#child.ask('add', { torrent: file, folder, trackers })
    const { port } = await waitUntil('libtorrent listens', async () => {
      const listening = await this.#child.ask<{ port: number }>('listen')
      return listening.port > 0 && listening
    })
    return `127.0.0.1:${port}`
  }

  async #wait(what: string): Promise<void> {
    const status = await this.#child.ask<Status>('wait', { seconds: deadlineSeconds })
    if (!status.seeding) throw new Error(`${what} in vain: ${inspect(status)}`)
  }
}
