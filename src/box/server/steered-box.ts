import type { Catalog } from '../../catalog/index.ts'
import type { Swarm, SwarmInit } from '../../swarm/index.ts'
import type { BoxConfig } from '../config/box-config.ts'
import type { Following } from '../follow/following.ts'
import type { Shelf } from '../shelf/shelf.ts'
import type { Upkeep } from '../upkeep/upkeep.ts'
import type { Watch } from '../watch/watch.ts'
import type { Desk } from './desk.ts'

/** What the server shows and steers. */
export interface SteeredBox {
  /** The settings that hold. */
  readonly config: BoxConfig
  readonly shelf: Shelf
  readonly swarm: Swarm
  /** What it was started with. */
  readonly network: SwarmInit
  readonly upkeep: Upkeep
  readonly desk: Desk
  readonly following: Following
  readonly watch: Pick<Watch, 'sharesAt'>
  /** The catalogs that it follows, where it does. */
  readonly catalog?: Pick<Catalog, 'search'> | undefined
  stop(): Promise<void>
}
