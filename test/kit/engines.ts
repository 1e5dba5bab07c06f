import type { EngineFactory, EngineInit } from '../../src/swarm/index.ts'

/** An engine that tests are run with. */
export interface TestedEngine {
  readonly name: string
  readonly factory: EngineFactory
}

/** Every engine there is. */
export async function loadEngines(): Promise<readonly TestedEngine[]> {
  return [await loadNative(), await loadWebTorrent()]
}

/** One engine alone, so that nothing of the other is in memory. */
export function loadEngine(name: string): Promise<TestedEngine> {
  return name === 'native' ? loadNative() : loadWebTorrent()
}

/** The engine that has to withstand whatever is sent to it. */
export async function loadNative(): Promise<TestedEngine> {
  const { nativeEngine } = await import('../../src/swarm/engine/native.ts')
  return { name: 'native', factory: nativeEngine }
}

async function loadWebTorrent(): Promise<TestedEngine> {
  const { webTorrentEngine } = await import('../../src/swarm/engine/webtorrent.ts')
  return { name: 'webtorrent', factory: webTorrentEngine }
}

/** An engine on any free port that finds nobody by itself. */
export const quietEngine: EngineInit = {
  port: 0,
  dht: false,
  pex: false,
  nat: false,
  maxPeers: 50,
  iceServers: [],
  limits: {},
}
