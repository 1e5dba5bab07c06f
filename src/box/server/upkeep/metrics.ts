import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Swarm, SwarmStats } from '../../../swarm/index.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import type { Upkeep } from '../../upkeep/upkeep.ts'

/** What a box counts, in a registry of its own, as Prometheus reads it. */
export class BoxMetrics {
  readonly #registry = new Registry()
  readonly #swarm: Swarm
  /** Looked at once for all that is made of it: it goes through every transfer. */
  #stats: SwarmStats

  constructor({ shelf, swarm, upkeep }: { shelf: Shelf; swarm: Swarm; upkeep: Upkeep }) {
    const registers = [this.#registry]
    const stats = () => this.#stats
    this.#swarm = swarm
    this.#stats = swarm.stats()
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({
      name: 'p2pshare_box_transfers',
      help: 'Transfers by state',
      labelNames: ['state'] as const,
      registers,
      collect() {
        this.reset()
        for (const { state } of shelf.items()) this.inc({ state })
      },
    })
    new Gauge({
      name: 'p2pshare_box_rate_bytes_per_second',
      help: 'What goes through now, over all transfers',
      labelNames: ['direction'] as const,
      registers,
      collect() {
        const { uploadBytesPerSecond, downloadBytesPerSecond } = stats()
        this.set({ direction: 'up' }, uploadBytesPerSecond)
        this.set({ direction: 'down' }, downloadBytesPerSecond)
      },
    })
    new Counter({
      name: 'p2pshare_box_bytes_total',
      help: 'What went through since the start, protocol included, as of the last ten seconds',
      labelNames: ['direction'] as const,
      registers,
      collect() {
        this.reset()
        this.inc({ direction: 'up' }, upkeep.history.sums.uploaded)
        this.inc({ direction: 'down' }, upkeep.history.sums.downloaded)
      },
    })
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name: `p2pshare_box_${name}`,
        help,
        registers,
        collect() {
          this.set(value())
        },
      })
    gauge('peers', 'Connected peers', () => stats().peers)
    gauge('dht_nodes', 'Nodes in the table of the DHT, 0 where it is off', () => stats().dhtNodes ?? 0)
    gauge('slow_hours', '1 while the limits of slow hours hold', () => (upkeep.limits.held.isSlow ? 1 : 0))
    gauge('hooks_running', 'Programs of hooks that run', () => upkeep.hooks.running)
    gauge('hooks_waiting', 'Programs of hooks that wait', () => upkeep.hooks.waiting)
  }

  /** Everything, in Prometheus' text format. */
  async text(): Promise<{ contentType: string; body: string }> {
    this.#stats = this.#swarm.stats()
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() }
  }
}
