import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import type { Hex } from '../../core/index.ts'

const group = '239.192.152.143'
const port = 6771
const repeatMs = 5 * 60_000
/** One lost datagram would cost five minutes, so that the first announcement is made twice. */
const echoMs = 1_000
const maxDatagramBytes = 1_400
const maxInfoHashes = 32
/** Peers taken from the local network in one minute, over all torrents. */
const maxHeardPerMinute = 1_000

export interface LocalDiscoveryInit {
  /** IPv4 addresses of the interfaces to use; without it every one that leads somewhere, else the loopback one. */
  readonly interfaces?: readonly string[] | undefined
  /** Called with the `host:port` of a peer and the torrent that it shares; only for torrents that were announced. */
  readonly onPeer: (infoHash: Hex, address: string) => void
}

/**
 * Local service discovery (BEP 14): peers in the same local network find each other by multicast. One socket to listen and
 * one an interface to speak serve all torrents. Whatever arrives is checked and bounded before it is used; without a
 * network that can do multicast it stays silent.
 */
export class LocalDiscovery {
  readonly #cookie = randomBytes(8).toString('hex')
  readonly #onPeer: LocalDiscoveryInit['onPeer']
  readonly #interfaces: readonly string[]
  readonly #announced = new Map<Hex, number>()
  readonly #speakers: Socket[] = []
  #listener: Socket | undefined
  #timers = new Set<NodeJS.Timeout>()
  #heard = 0
  #heardSince = 0

  constructor({ interfaces, onPeer }: LocalDiscoveryInit) {
    this.#onPeer = onPeer
    this.#interfaces = interfaces ?? ownInterfaces()
  }

  /** Whether any interface could be joined. */
  get isOn(): boolean {
    return this.#listener !== undefined && this.#speakers.length > 0
  }

  async start(): Promise<void> {
    const listener = await bind(port, '0.0.0.0')
    if (!listener) return
    listener.on('message', (datagram, { address }) => this.#onMessage(datagram, address))
    this.#listener = listener
    for (const address of this.#interfaces) {
      try {
        listener.addMembership(group, address)
      } catch {
        continue
      }
      const speaker = await bind(0, address)
      if (!speaker) continue
      try {
        speaker.setMulticastInterface(address)
        speaker.setMulticastTTL(1)
        this.#speakers.push(speaker)
      } catch {
        speaker.close()
      }
    }
    this.#after(repeatMs, () => this.#repeat())
  }

  /** Tells the local network that the torrent is to be had at a TCP port here; again every five minutes. */
  announce(infoHash: Hex, tcpPort: number): void {
    this.#announced.set(infoHash, tcpPort)
    this.#send(tcpPort, [infoHash])
    this.#after(echoMs, () => this.#announced.has(infoHash) && this.#send(tcpPort, [infoHash]))
  }

  /** Says nothing more of a torrent and hears nothing more of it. */
  withdraw(infoHash: Hex): void {
    this.#announced.delete(infoHash)
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#announced.clear()
    const sockets = [...this.#speakers.splice(0), ...(this.#listener ? [this.#listener] : [])]
    this.#listener = undefined
    await Promise.all(sockets.map(socket => new Promise<void>(resolve => socket.close(resolve))))
  }

  #repeat(): void {
    const byPort = new Map<number, Hex[]>()
    for (const [infoHash, tcpPort] of this.#announced) {
      const hashes = byPort.get(tcpPort) ?? []
      byPort.set(tcpPort, hashes)
      hashes.push(infoHash)
    }
    for (const [tcpPort, hashes] of byPort) {
      for (let at = 0; at < hashes.length; at += maxInfoHashes / 2) {
        this.#send(tcpPort, hashes.slice(at, at + maxInfoHashes / 2))
      }
    }
    this.#after(repeatMs, () => this.#repeat())
  }

  #send(tcpPort: number, infoHashes: readonly Hex[]): void {
    const datagram = formatAnnounce({ port: tcpPort, infoHashes, cookie: this.#cookie })
    // A network that is away for the moment is no fault: the next announcement may go through.
    for (const speaker of this.#speakers) speaker.send(datagram, port, group, () => {})
  }

  #onMessage(datagram: Uint8Array, host: string): void {
    const now = performance.now()
    if (now - this.#heardSince > 60_000) {
      this.#heardSince = now
      this.#heard = 0
    }
    if (this.#heard >= maxHeardPerMinute) return
    const announce = parseAnnounce(datagram)
    if (!announce || announce.cookie === this.#cookie) return
    for (const infoHash of announce.infoHashes) {
      if (!this.#announced.has(infoHash)) continue
      this.#heard++
      this.#onPeer(infoHash, `${host}:${announce.port}`)
    }
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    timer.unref()
    this.#timers.add(timer)
  }
}

/** One announcement: the TCP port of a peer and the torrents it shares. */
export interface LocalAnnounce {
  readonly port: number
  readonly infoHashes: readonly Hex[]
  /** Lets a sender know its own datagrams again. */
  readonly cookie: string | undefined
}

/** The datagram of an announcement (BEP 14). */
export function formatAnnounce({ port: tcpPort, infoHashes, cookie }: LocalAnnounce): Buffer {
  const lines = ['BT-SEARCH * HTTP/1.1', `Host: ${group}:${port}`, `Port: ${tcpPort}`]
  for (const infoHash of infoHashes) lines.push(`Infohash: ${infoHash}`)
  if (cookie !== undefined) lines.push(`cookie: ${cookie}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n\r\n`, 'latin1')
}

/** Reads a datagram; `undefined` for anything that is not an announcement of at least one torrent. */
export function parseAnnounce(datagram: Uint8Array): LocalAnnounce | undefined {
  if (datagram.length > maxDatagramBytes) return undefined
  const [first, ...lines] = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.length)
    .toString('latin1')
    .split('\r\n')
  if (first !== 'BT-SEARCH * HTTP/1.1') return undefined
  const infoHashes: Hex[] = []
  let tcpPort = 0
  let cookie: string | undefined
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const value = line.slice(colon + 1).trim()
    switch (line.slice(0, colon).toLowerCase()) {
      case 'port':
        if (/^\d{1,5}$/.test(value)) tcpPort = Number(value)
        break
      case 'infohash':
        if (/^[0-9a-f]{40}$/i.test(value) && infoHashes.length < maxInfoHashes)
          infoHashes.push(value.toLowerCase())
        break
      case 'cookie':
        cookie = value.slice(0, 64)
    }
  }
  if (tcpPort < 1 || tcpPort > 65_535 || infoHashes.length === 0) return undefined
  return { port: tcpPort, infoHashes, cookie }
}

async function bind(bindPort: number, address: string): Promise<Socket | undefined> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  socket.unref()
  try {
    socket.bind(bindPort, address)
    await once(socket, 'listening')
  } catch {
    socket.close()
    return undefined
  }
  socket.on('error', () => {})
  return socket
}

function ownInterfaces(): string[] {
  const addresses: string[] = []
  for (const found of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of found ?? []) {
      if (family === 'IPv4' && !internal) addresses.push(address)
    }
  }
  return addresses.length > 0 ? addresses : ['127.0.0.1']
}
