import { once } from 'node:events'
import type DHT from 'bittorrent-dht'
import type { Verify } from 'bittorrent-dht'
import { GuardedSocket } from './dht-guard.ts'
import { resolveNodes } from './dht-names.ts'
import { readNodesFile } from './dht-nodes-file.ts'

export interface OpenDhtInit {
  readonly bootstrap: readonly string[]
  readonly host: string
  /** UDP port to bind where it is free, else any. */
  readonly port: number
  readonly nodesFile: string | undefined
  readonly verify: Verify
  readonly signal: AbortSignal
}

export interface OpenDht {
  readonly dht: DHT
  readonly guard: GuardedSocket
}

const bootstrapMs = 8_000

/**
 * Opens a DHT node behind a {@link GuardedSocket} and waits until it knows others, 8 s at most. `undefined` where no name could be resolved, no
 * port be had, or the signal aborted.
 */
export async function openDht(init: OpenDhtInit): Promise<OpenDht | undefined> {
  const { signal } = init
  const [bootstrap, remembered] = await Promise.all([
    resolveNodes(init.bootstrap, signal),
    init.nodesFile === undefined ? undefined : readNodesFile(init.nodesFile),
  ])
  const isAlone = bootstrap.length === 0 && !remembered?.nodes.length
  if (isAlone && init.bootstrap.length > 0) return undefined
  const { default: Dht } = await import('bittorrent-dht')
  if (signal.aborted) return undefined
  const guard = new GuardedSocket()
  const dht = new Dht({
    bootstrap,
    socket: guard,
    verify: init.verify,
    ...(remembered ? { nodeId: Buffer.from(remembered.id) } : {}),
  })
  // The library's own put refuses a value of just 1000 bytes, which BEP 44 allows.
  dht.put = dht._put
  dht.on('error', () => {}).on('warning', () => {})
  const bounds = AbortSignal.any([signal, AbortSignal.timeout(bootstrapMs)])
  try {
    const listening = once(dht, 'listening', { signal: bounds })
    dht.listen(init.port, init.host)
    await listening
  } catch {
    await new Promise<void>(resolve => dht.destroy(resolve))
    return undefined
  }
  if (remembered) {
    for (const { id, host, port } of remembered.nodes) dht.addNode({ id: Buffer.from(id), host, port })
    // They may all be away by now, of which the library would only find out one after the other.
    for (const node of bootstrap) dht.addNode(hostAndPort(node))
  }
  if (!dht.ready) await once(dht, 'ready', { signal: bounds }).catch(() => {})
  return { dht, guard }
}

function hostAndPort(address: string): { host: string; port: number } {
  const [host = '', port] = address.split(':')
  return { host, port: Number(port) }
}
