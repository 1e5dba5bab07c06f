import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { P2pShareError } from '../../core/index.ts'
import type { Env } from '../env.ts'
import { formatCount } from '../format.ts'
import type { NetworkFlags } from '../network-options.ts'
import { withSwarm } from '../network-session.ts'
import type { Check } from './check.ts'

const dhtPatienceMs = 10_000
const routerPatienceMs = 3_000
const lookEveryMs = 100
const localGroup = '239.192.152.143'
const localPort = 6771
const routerGroup = '239.255.255.250'
const routerPort = 1900
/** SSDP (UPnP Device Architecture 1.1, 1.3.2): asks for routers that open ports on request. */
const routerSearch = [
  'M-SEARCH * HTTP/1.1',
  `HOST: ${routerGroup}:${routerPort}`,
  'MAN: "ssdp:discover"',
  'MX: 2',
  'ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1',
  '\r\n',
].join('\r\n')

/** Starts the engine, opens the port that `seed` would, and waits for the first DHT node where the DHT is on. */
export async function checkPortAndDht(env: Env, flags: NetworkFlags): Promise<Check[]> {
  try {
    return await withSwarm(env, { ...flags, lsd: false, pex: false, nat: false }, async swarm => {
      const port: Check = { name: 'Port', status: 'ok', detail: `${swarm.port} can be opened` }
      const engine: Check = { name: 'Engine', status: 'ok', detail: swarm.stats().engine }
      const startMs = env.clock.monotonicMs()
      const nodes = () => swarm.stats().dhtNodes ?? 0
      // The DHT is joined when something is looked for.
      if (flags.dht) void swarm.countPeers(randomBytes(20).toString('hex')).catch(() => {})
      while (flags.dht && nodes() === 0 && env.clock.monotonicMs() - startMs < dhtPatienceMs)
        await env.clock.wait(lookEveryMs, env.signal)
      return [engine, port, describeDht(flags.dht, nodes())]
    })
  } catch (error) {
    if (!(error instanceof P2pShareError) || error.code !== 'ERR_PORT_TAKEN') throw error
    const remedy = 'Choose another port with --port, or 0 for any free one'
    return [{ name: 'Port', status: 'fail', detail: error.message, remedy, error }]
  }
}

function describeDht(isOn: boolean, nodes: number): Check {
  const name = 'DHT'
  if (!isOn) return { name, status: 'off', detail: 'switched off' }
  if (nodes > 0) return { name, status: 'ok', detail: formatCount(nodes, 'node answers', 'nodes answer') }
  return {
    name,
    status: 'warn',
    detail: 'no node answers',
    remedy: 'Let UDP through the firewall, or name a node with --dht-bootstrap host:port',
  }
}

/** Whether peers in the local network can be heard (BEP 14). Sends nothing. */
export async function checkLocalDiscovery({ lsd, lsdInterface }: NetworkFlags): Promise<Check> {
  const name = 'Local network'
  if (!lsd) return { name, status: 'off', detail: 'switched off' }
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  try {
    await bind(socket, localPort)
    for (const address of lsdInterface ?? [undefined]) socket.addMembership(localGroup, address)
    return { name, status: 'ok', detail: 'peers in the same network are found by multicast' }
  } catch (error) {
    return {
      name,
      status: 'warn',
      detail: `no multicast here: ${(error as Error).message}`,
      remedy: 'Connect to a network, or name peers with --peer host:port',
    }
  } finally {
    socket.close()
  }
}

/** Whether a router says that it opens ports on request (UPnP). */
export async function checkRouter({ nat }: NetworkFlags, { clock, signal }: Env): Promise<Check> {
  const name = 'Router'
  if (!nat) return { name, status: 'off', detail: 'switched off' }
  const socket = createSocket('udp4')
  const patience = new AbortController()
  try {
    await bind(socket, 0)
    const answer = once(socket, 'message', { signal: patience.signal }).catch(() => undefined)
    socket.send(routerSearch, routerPort, routerGroup, () => {})
    const nothing = clock.wait(routerPatienceMs, signal).then(() => undefined)
    const found = await Promise.race([answer, nothing])
    if (found) return { name, status: 'ok', detail: `${found[1].address} opens ports on request (UPnP)` }
  } catch {
    signal.throwIfAborted()
  } finally {
    patience.abort()
    socket.close()
  }
  return {
    name,
    status: 'warn',
    detail: 'no router answers: peers outside may not reach this computer, though it reaches them',
    remedy: 'Switch on UPnP in the router, or forward the port to this computer and give it with --port',
  }
}

async function bind(socket: Socket, port: number): Promise<void> {
  const listening = once(socket, 'listening')
  socket.bind(port)
  await listening
}
