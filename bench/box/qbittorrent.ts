import type { Child } from '../../test/kit/child.ts'
import { findProgram } from '../../test/kit/external.ts'
import { startQBittorrent } from '../../test/kit/peers/qbittorrent-process.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'
import type { Daemon, RunningDaemon } from './daemon.ts'
import { endOrderly } from './orderly-end.ts'

export const qbittorrent: Daemon = {
  name: 'qbittorrent',
  isHere: () => findProgram('qbittorrent-nox') !== undefined,
  async start(owner, home) {
    const { child, api } = await startQBittorrent(owner, home, 'preferred')
    return new RunningQBittorrent(child, api)
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
