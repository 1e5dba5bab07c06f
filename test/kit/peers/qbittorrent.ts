import type { Child } from '../child.ts'
import type { Owner } from '../owner.ts'
import { temporaryFolder } from '../temp-folder.ts'
import { waitUntil } from '../wait-until.ts'
import type { ExternalPeer, LeechOptions } from './external-peer.ts'
import { type QBittorrentEncryption, startQBittorrent } from './qbittorrent-process.ts'

export interface QBittorrentInit {
  /** Whether it takes connections under RC4 (MSE) only, as most distrustful users set it. @default 'required' */
  encryption?: QBittorrentEncryption
}

/** qbittorrent-nox, steered through its web API on loopback. It dials the peers it is given, and is dialled. */
export class QBittorrent implements ExternalPeer {
  readonly name = 'qbittorrent'
  readonly #owner: Owner
  readonly #encryption: QBittorrentEncryption
  #child: Child | undefined
  #api = ''

  constructor(owner: Owner, init: QBittorrentInit = {}) {
    this.#owner = owner
    this.#encryption = init.encryption ?? 'required'
  }

  get pid(): number {
    return this.#running.pid
  }

  async seed(torrent: Uint8Array, folder: string): Promise<string> {
    const address = await this.#start(torrent, folder, true)
    await this.finished()
    return address
  }

  async leech(torrent: Uint8Array, folder: string, { peers = [] }: LeechOptions): Promise<string> {
    const address = await this.#start(torrent, folder, false)
    if (peers.length === 0) return address
    const { hash } = await waitUntil('qbittorrent lists the torrent', () => this.#torrent())
    await this.#post('torrents/addPeers', { hashes: hash, peers: peers.join('|') })
    return address
  }

  async finished(): Promise<void> {
    let torrent: Listed | undefined
    await waitUntil(
      'qbittorrent has it all',
      async () => {
        torrent = await this.#torrent()
        return torrent?.progress === 1 && /UP$/.test(torrent.state) && torrent.state !== 'checkingUP'
      },
      { timeoutMs: 120_000, intervalMs: 100, state: () => [torrent, this.#running.output()] },
    )
  }

  async stop(): Promise<void> {
    await this.#child?.stop()
  }

  get #running(): Child {
    if (!this.#child) throw new Error('qbittorrent has not been started')
    return this.#child
  }

  async #start(torrent: Uint8Array, folder: string, complete: boolean): Promise<string> {
    const profile = await temporaryFolder(this.#owner, 'qbittorrent')
    const { child, api, address } = await startQBittorrent(this.#owner, profile, this.#encryption)
    this.#child = child
    this.#api = api
    await waitUntil('qbittorrent answers', async () => (await this.#get('app/version')).ok, {
      state: () => this.#running.output(),
    })
    await this.#post('torrents/add', {
      torrents: new Blob([torrent as Uint8Array<ArrayBuffer>]),
      savepath: folder,
      skip_checking: String(complete),
    })
    return address
  }

  async #torrent(): Promise<Listed | undefined> {
    const listed = (await (await this.#get('torrents/info')).json()) as Listed[]
    return listed[0]
  }

  #get(method: string): Promise<Response> {
    return fetch(`${this.#api}/${method}`, { headers: { connection: 'close' } })
  }

  async #post(method: string, parameters: Record<string, string | Blob>): Promise<void> {
    const body = new FormData()
    for (const [name, value] of Object.entries(parameters)) body.append(name, value)
    const response = await fetch(`${this.#api}/${method}`, {
      method: 'POST',
      body,
      headers: { connection: 'close' },
    })
    const answer = await response.text()
    if (!response.ok || answer === 'Fails.')
      throw new Error(`qbittorrent cannot ${method}: ${response.status} ${answer}`)
  }
}

interface Listed {
  hash: string
  progress: number
  state: string
}
