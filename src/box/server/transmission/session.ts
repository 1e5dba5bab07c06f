import { isDeepStrictEqual } from 'node:util'
import { isPublicAddress } from '../../../core/index.ts'
import { diskRoomAt } from '../../follow/disk-room.ts'
import type { SteeredBox } from '../steered-box.ts'
import type { Call } from './message.ts'
import { modernName, withLegacyNames } from './names.ts'
import { RpcError } from './rpc-error.ts'
import { sessionFields } from './session-fields.ts'
import type { SessionIds } from './session-ids.ts'
import { SessionSpeed } from './session-speed.ts'
import { sessionStats } from './session-stats.ts'
import { readFolder } from './torrent-add.ts'

const settable = new Set([
  'alt_speed_enabled',
  'speed_limit_down',
  'speed_limit_down_enabled',
  'speed_limit_up',
  'speed_limit_up_enabled',
])
const mostFields = 500

/** What concerns the box as a whole. */
export class Session {
  readonly #box: SteeredBox
  readonly #ids: SessionIds
  readonly #speed: SessionSpeed

  constructor(box: SteeredBox, ids: SessionIds) {
    this.#box = box
    this.#ids = ids
    this.#speed = new SessionSpeed(box)
  }

  /** The fields that are named, or all; under the names of the form in which it was asked. */
  async get({ params, isLegacy }: Call): Promise<object> {
    const names = params.texts('fields', mostFields)?.map(modernName)
    const fields = await this.#fields(names ?? Object.keys(sessionFields))
    return isLegacy ? (withLegacyNames(fields, 'kebab') as object) : fields
  }

  /** @throws {RpcError} for what is set in the settings file alone, unless it is so already; the rest is set all the same */
  async set({ params }: Call): Promise<object> {
    this.#speed.set(params)
    const others = params.names.filter(name => !settable.has(name))
    const now: Record<string, unknown> = await this.#fields(others)
    const refused = others.filter(name => !isDeepStrictEqual(now[name], params.raw(name)))
    if (refused.length === 0) return {}
    const list = refused.slice(0, 10).join(', ')
    throw new RpcError('refused', `only the settings file of the box can change ${list}`)
  }

  async stats({ isLegacy }: Call): Promise<object> {
    const { uptimeSeconds } = await this.#box.desk.status()
    const stats = sessionStats(this.#box.shelf, uptimeSeconds)
    return isLegacy ? (withLegacyNames(stats, 'camel') as object) : stats
  }

  /** @throws {RpcError} */
  async freeSpace({ params, isLegacy }: Call): Promise<object> {
    const path = readFolder(params, 'path')
    if (path === undefined) throw new RpcError('params', 'path has to name a folder')
    const { freeBytes, sizeBytes } = await diskRoomAt(path)
    const space = { path, size_bytes: freeBytes, total_size: sizeBytes }
    return isLegacy ? (withLegacyNames(space, 'kebab') as object) : space
  }

  /**
   * Whether somebody from outside has come in. Nobody is asked to try: that would tell a third party of the box.
   * @throws {RpcError} where that cannot be told
   */
  portTest({ isLegacy }: Call): object {
    const hasCome = this.#box.shelf.items().some(({ transfer }) => {
      if (!transfer || transfer.stats().peers === 0) return false
      return transfer.peers().some(({ source, address }) => {
        const host = URL.parse(`tcp://${address}`)?.hostname
        return source === 'incoming' && host !== undefined && isPublicAddress(host)
      })
    })
    if (!hasCome)
      throw new RpcError('refused', 'nobody from outside is connected, and nobody there is asked to try')
    return isLegacy ? { 'port-is-open': true } : { port_is_open: true }
  }

  async #fields(names: readonly string[]): Promise<Record<string, unknown>> {
    const { config, network, desk } = this.#box
    const { downloads, port, freeBytes, dhtNodes } = await desk.status()
    const facts = {
      config,
      network,
      limits: desk.limits.held,
      isSlow: this.#speed.isSlow,
      downloads,
      freeBytes,
      port,
      hasDht: dhtNodes !== undefined,
      sessionId: this.#ids.current,
    }
    const fields: Record<string, unknown> = {}
    for (const name of names)
      if (Object.hasOwn(sessionFields, name)) fields[name] = sessionFields[name]!(facts)
    return fields
  }
}
