import { type AbortOptions, P2pShareError } from '../core/index.ts'
import type { EncryptionPolicy, Engine, EngineFactory, EngineInit, RateLimits } from './engine.ts'

/** How a swarm is started. Everything has a default; rates are bytes per second, without limit unless given. */
export interface SwarmInit extends AbortOptions, RateLimits {
  /** One folder for all that p2pshare keeps (resume data, cleaned copies). @default the platform's own places */
  home?: string | undefined
  /** TCP port that must be had; 0 for any free one. @default the first free one of 28771 … 28780, else any */
  port?: number | undefined
  /** The DHT and the nodes it starts from, `host:port`. @default true, with well-known nodes */
  dht?: boolean | { bootstrap?: readonly string[] | undefined } | undefined
  /** Local service discovery, on the given IPv4 interfaces. @default true, on every one that leads somewhere */
  lsd?: boolean | { interfaces?: readonly string[] | undefined } | undefined
  /** Peer exchange. @default true */
  pex?: boolean | undefined
  /** Port mapping by UPnP and NAT-PMP. @default true */
  nat?: boolean | undefined
  /** Connections a torrent may have. @default 55 */
  maxPeers?: number | undefined
  /** Connections that all torrents together may have. The engine on webtorrent takes no notice. @default 500 */
  maxConnections?: number | undefined
  /** STUN and TURN servers for WebRTC, contacted only for torrents with a WebSocket tracker. */
  iceServers?: readonly { readonly urls: string }[] | undefined
  /** How connections to peers are encrypted. @default 'prefer' */
  encryption?: EncryptionPolicy | undefined
  /** The engine that speaks to peers: one of ours by name, or what makes another. @default 'native' */
  engine?: EngineName | EngineFactory | undefined
}

/** `native`: our own, over TCP; `webtorrent`: over WebRTC too, through WebSocket trackers, but for v1 torrents only. */
export type EngineName = 'native' | 'webtorrent'

const defaultEngine: EngineName = 'native'
/** Loaded only when they are used: the second one takes long. */
const engines: Record<EngineName, () => Promise<EngineFactory>> = {
  native: async () => (await import('./engine/native.ts')).nativeEngine,
  webtorrent: async () => (await import('./engine/webtorrent.ts')).webTorrentEngine,
}

const preferredPorts = Array.from({ length: 10 }, (_, index) => 28_771 + index)
const bootstrapNodes = [
  'router.bittorrent.com:6881',
  'dht.transmissionbt.com:6881',
  'dht.libtorrent.org:25401',
]
const defaultIceServers = [
  { urls: 'stun:stun.l.google.com:19302' },
  { urls: 'stun:global.stun.twilio.com:3478' },
]

/** The nodes that the DHT starts from, or `undefined` where it is off. */
export function dhtBootstrap({ dht = true }: SwarmInit): readonly string[] | undefined {
  if (dht === false) return undefined
  return (typeof dht === 'object' ? dht.bootstrap : undefined) ?? bootstrapNodes
}

/**
 * Makes and starts the engine of a swarm, on the port that was demanded or the first preferred one that is free.
 *
 * @param dhtNodesFile where the nodes of the DHT are kept
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for an engine that there is not, `ERR_PORT_TAKEN` where a demanded port is taken
 */
export async function startEngine(init: SwarmInit, dhtNodesFile: string): Promise<Engine> {
  const make = await engineFactory(init.engine)
  const ports = init.port === undefined ? [...preferredPorts, 0] : [init.port]
  const { downloadBytesPerSecond, uploadBytesPerSecond } = init
  const bootstrap = dhtBootstrap(init)
  const common: Omit<EngineInit, 'port'> = {
    dht: bootstrap !== undefined && { bootstrap },
    pex: init.pex ?? true,
    nat: init.nat ?? true,
    maxPeers: init.maxPeers ?? 55,
    maxConnections: init.maxConnections,
    encryption: init.encryption ?? 'prefer',
    dhtNodesFile,
    iceServers: init.iceServers ?? defaultIceServers,
    limits: { downloadBytesPerSecond, uploadBytesPerSecond },
  }
  for (const [index, port] of ports.entries()) {
    const engine = make({ ...common, port })
    try {
      await engine.start({ signal: init.signal })
      return engine
    } catch (error) {
      const isTaken = error instanceof P2pShareError && error.code === 'ERR_PORT_TAKEN'
      if (!isTaken || index === ports.length - 1) throw error
    }
  }
  throw new P2pShareError('ERR_INTERNAL', 'No port was tried')
}

async function engineFactory(engine: SwarmInit['engine'] = defaultEngine): Promise<EngineFactory> {
  if (typeof engine === 'function') return engine
  if (!Object.hasOwn(engines, engine)) {
    throw new P2pShareError(
      'ERR_INVALID_ARGUMENT',
      `There is no engine "${engine}": name native or webtorrent`,
    )
  }
  return engines[engine]()
}
