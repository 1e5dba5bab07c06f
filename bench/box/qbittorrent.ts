import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from '../../test/kit/child.ts'
import { findProgram } from '../../test/kit/external.ts'
import { freePort } from '../../test/kit/free-port.ts'
import { qbittorrentConfig } from '../../test/kit/peers/qbittorrent-config.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'
import type { Daemon, RunningDaemon } from './daemon.ts'
import { endOrderly } from './orderly-end.ts'

const preferEncryption = 0

export const qbittorrent: Daemon = {
  name: 'qbittorrent',
  isHere: () => findProgram('qbittorrent-nox') !== undefined,
  async start(owner, home) {
    const [port, apiPort] = [await freePort(), await freePort()]
    await mkdir(join(home, 'qBittorrent/config'), { recursive: true })
    const config = qbittorrentConfig({ port, apiPort, encryption: preferEncryption })
    await writeFile(join(home, 'qBittorrent/config/qBittorrent.conf'), config)
    const env = { ...process.env, HOME: home }
    const child = startChild(owner, 'qbittorrent-nox', [`--profile=${home}`], { env })
    return new RunningQBittorrent(child, `http://127.0.0.1:${apiPort}/api/v2`)
  },
}

class RunningQBittorrent implements RunningDaemon {
  readonly #child: Child
  readonly #api: string

  constructor(child: Child, api: string) {
    this.#child = child
    this.#api = api
  }

  get pid(): number {
    return this.#child.pid
  }

  async ready(): Promise<void> {
    await waitUntil('it answers', async () => (await fetch(`${this.#api}/app/version`)).ok, {
      timeoutMs: 120_000,
      intervalMs: 10,
      state: this.#child.output,
    })
  }

  async add(torrent: Uint8Array, folder: string): Promise<void> {
    const body = new FormData()
    body.append('torrents', new Blob([torrent as Uint8Array<ArrayBuffer>]))
    body.append('savepath', folder)
    body.append('skip_checking', 'true')
    const response = await fetch(`${this.#api}/torrents/add`, { method: 'POST', body })
    const answer = await response.text()
    if (answer !== 'Ok.') throw new Error(`qbittorrent does not take a torrent: ${response.status} ${answer}`)
  }

  async seeding(): Promise<number> {
    return (await this.#torrents()).filter(
      ({ progress, state }) => progress === 1 && /^(stalled|up|queued)/i.test(state),
    ).length
  }

  async list(): Promise<number> {
    return (await this.#torrents()).length
  }

  async stop(): Promise<void> {
    await endOrderly(this.#child)
  }

  async #torrents(): Promise<{ progress: number; state: string }[]> {
    const response = await fetch(`${this.#api}/torrents/info`)
    return (await response.json()) as { progress: number; state: string }[]
  }
}
