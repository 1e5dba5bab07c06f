import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Swarm, type Transfer } from '../../../src/index.ts'
import type { TestedEngine } from '../engines.ts'
import type { FlakyProxy } from './flaky-proxy.ts'

/** What all in a simulation share. */
export interface World {
  readonly folder: string
  /** The files of the first seed. */
  readonly source: string
  readonly torrent: Uint8Array
  readonly magnetLink: string
}

/** One who takes part in a simulation, over all restarts: a home and a folder of its own, behind a line of its own. */
export class Participant {
  readonly name: string
  readonly isSeed: boolean
  readonly proxy: FlakyProxy
  readonly #world: World
  readonly #engine: TestedEngine
  /** Knows the torrent by its link alone when it first comes. */
  readonly #usesLink: boolean
  #swarm: Swarm | undefined
  #transfer: Transfer | undefined

  constructor(
    world: World,
    proxy: FlakyProxy,
    init: { name: string; isSeed: boolean; usesLink: boolean; engine: TestedEngine },
  ) {
    this.#world = world
    this.proxy = proxy
    this.name = init.name
    this.isSeed = init.isSeed
    this.#usesLink = init.usesLink
    this.#engine = init.engine
  }

  get isHere(): boolean {
    return this.#swarm !== undefined
  }

  get transfer(): Transfer | undefined {
    return this.#transfer
  }

  get swarm(): Swarm | undefined {
    return this.#swarm
  }

  /** Starts, or starts again where it was stopped, and tries the given peers. */
  async come(
    peers: readonly string[],
    limits: { uploadBytesPerSecond?: number | undefined } = {},
  ): Promise<void> {
    const home = join(this.#world.folder, this.name, 'home')
    const out = join(this.#world.folder, this.name, 'out')
    await mkdir(out, { recursive: true })
    this.#swarm = await Swarm.start({
      ...{ home, port: 0, dht: false, lsd: false, pex: false, nat: false, iceServers: [] },
      ...limits,
      engine: this.#engine.factory,
    })
    this.proxy.target = this.#swarm.port
    if (this.isSeed) {
      this.#transfer = await this.#swarm.get(this.#world.torrent, {
        out: join(this.#world.source, '..'),
        peers,
      })
    } else {
      const id = this.#usesLink ? this.#world.magnetLink : this.#world.torrent
      this.#transfer = await this.#swarm.get(id, { out, peers })
    }
  }

  async go(): Promise<void> {
    this.proxy.target = undefined
    const swarm = this.#swarm
    this.#swarm = undefined
    this.#transfer = undefined
    await swarm?.stop()
    this.proxy.cut()
  }
}
