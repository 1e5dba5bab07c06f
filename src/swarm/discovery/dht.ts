import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { isIP } from 'node:net'
import type DHT from 'bittorrent-dht'
import type { StoredItem } from 'bittorrent-dht'
import { type AbortOptions, BencodeDict, decodeBencode, type Hex, raceAbort } from '../../core/index.ts'
import { GuardedSocket } from './dht-guard.ts'
import { type ItemName, isSigned, itemTarget, type MutableItem } from './dht-item.ts'

export interface DhtNodeInit {
  /** Nodes to start from, `host:port`. */
  readonly bootstrap: readonly string[]
  /** IPv4 address to bind to. @default all of them */
  readonly host?: string | undefined
}

const lookupMs = 3_000
const bootstrapMs = 8_000
const walkMs = 30_000
const maxFloors = 10_000
const maxPeersCounted = 1_000

/**
 * A node of the DHT for mutable items (BEP 44), whatever engine speaks to peers. It starts when it is first used, has a UDP port
 * of its own, and keeps items for others. Nothing reaches the library but through {@link GuardedSocket}. Of an item, a revision
 * older than one that was once accepted here is neither handed out, kept nor sent.
 */
export class DhtNode {
  readonly #init: DhtNodeInit
  readonly #stopped = new AbortController()
  readonly #floors = new Map<string, number>()
  #guard: GuardedSocket | undefined
  #dht: DHT | undefined
  #starting: Promise<DHT | undefined> | undefined

  constructor(init: DhtNodeInit) {
    this.#init = init
  }

  /** Datagrams that were dropped because they break the rules, or nobody asked for them. */
  get dropped(): number {
    return this.#guard?.dropped ?? 0
  }

  /**
   * Asks the nodes near an item for it, each once. `onItem` is called with every item found under that name, its signature
   * unchecked, and answers whether it is good. Ends after 30 s, when the node is stopped, and at once where no node is known.
   * Aborting leaves the queries in flight unanswered.
   */
  async get(
    name: ItemName,
    onItem: (item: MutableItem) => boolean,
    { signal }: AbortOptions = {},
  ): Promise<void> {
    const target = itemTarget(name)
    let isOver = false
    const offer = (item: MutableItem | undefined): boolean => {
      if (isOver || item?.publicKey !== name.publicKey || item.seq < this.#floorOf(target)) return false
      const isGood = onItem(item)
      if (isGood) this.#raiseFloor(target, item.seq)
      return isGood
    }
    await this.#bounded(signal, async () => {
      const dht = await this.#start()
      if (!dht) return
      const found = Promise.withResolvers<void>()
      const options = {
        cache: false as const,
        ...(name.salt.length > 0 ? { salt: Buffer.from(name.salt) } : {}),
        verify: (signature: Uint8Array, signed: Uint8Array, publicKey: Uint8Array) =>
          offer(readSigned(signature, signed, publicKey)),
      }
      dht.get(target, options, (_error, held) => {
        // Where the node itself holds the item, the library does not have that one verified again.
        if (held) offer(heldItem(held, name))
        found.resolve()
      })
      await found.promise
    })
    isOver = true
  }

  /**
   * Puts an item to the nodes near it. What is not signed goes nowhere. Ends like {@link DhtNode.get}.
   *
   * @returns how many nodes took it
   */
  async put(item: MutableItem, { signal }: AbortOptions = {}): Promise<number> {
    const target = itemTarget(item)
    if (item.seq < this.#floorOf(target) || !isSigned(item)) return 0
    this.#raiseFloor(target, item.seq)
    const count = await this.#bounded(signal, async () => {
      const dht = await this.#start()
      if (!dht) return 0
      // The library remembers for five minutes who was near; nodes that came since then would be passed over.
      dht._tables.remove(target.toString('hex'))
      const taken = Promise.withResolvers<number>()
      const message = {
        k: Buffer.from(item.publicKey, 'hex'),
        ...(item.salt.length > 0 ? { salt: Buffer.from(item.salt) } : {}),
        seq: item.seq,
        v: Buffer.from(item.value),
        sig: Buffer.from(item.signature),
      }
      // Whoever publishes is one who has it: in a small network often the only one.
      dht._values.set(target.toString('hex'), message)
      dht.put(message, (_error, _target, nodes) => taken.resolve(nodes ?? 0))
      return taken.promise
    })
    return count ?? 0
  }

  /**
   * Asks the nodes near an info-hash for its peers (BEP 5), and answers how many different ones they know: 1,000 at most. Ends
   * like {@link DhtNode.get}.
   */
  async countPeers(infoHash: Hex, { signal }: AbortOptions = {}): Promise<number> {
    const peers = new Set<string>()
    await this.#bounded(signal, async () => {
      const dht = await this.#start()
      if (!dht) return
      const onPeer = ({ host, port }: { host: string; port: number }, of: Buffer) => {
        if (peers.size < maxPeersCounted && of.toString('hex') === infoHash) peers.add(`${host}:${port}`)
      }
      const done = Promise.withResolvers<void>()
      dht.on('peer', onPeer)
      try {
        dht.lookup(Buffer.from(infoHash, 'hex'), () => done.resolve())
        await raceAbort(done.promise, this.#stopped.signal)
      } finally {
        dht.off('peer', onPeer)
      }
    })
    return peers.size
  }

  /** Closes the port; what is under way ends with what it has. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#starting?.catch(() => {})
    const dht = this.#dht
    this.#dht = undefined
    if (dht) await new Promise<void>(resolve => dht.destroy(resolve))
  }

  /** Waits for some work, but no longer than a walk through the DHT may take. */
  async #bounded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T | undefined> {
    signal?.throwIfAborted()
    if (this.#stopped.signal.aborted) return undefined
    const bounds = [this.#stopped.signal, AbortSignal.timeout(walkMs), ...(signal ? [signal] : [])]
    const end = AbortSignal.any(bounds)
    try {
      return await raceAbort(work(), end)
    } catch (error) {
      if (signal?.aborted || !end.aborted) throw error
      return undefined
    }
  }

  #start(): Promise<DHT | undefined> {
    this.#starting ??= this.#open().then(dht => {
      // No name could be resolved, or no port be had: the next one who asks tries again.
      if (!dht) this.#starting = undefined
      return dht
    })
    return this.#starting
  }

  async #open(): Promise<DHT | undefined> {
    const bootstrap = await resolveNodes(this.#init.bootstrap, this.#stopped.signal)
    if (bootstrap.length === 0 && this.#init.bootstrap.length > 0) return undefined
    const { default: Dht } = await import('bittorrent-dht')
    if (this.#stopped.signal.aborted) return undefined
    const guard = new GuardedSocket()
    const dht = new Dht({
      bootstrap,
      socket: guard,
      verify: (signature, signed, publicKey) => this.#mayStore(readSigned(signature, signed, publicKey)),
    })
    // The library's own put refuses a value of just 1000 bytes, which BEP 44 allows.
    dht.put = dht._put
    dht.on('error', () => {}).on('warning', () => {})
    this.#guard = guard
    this.#dht = dht
    const bounds = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(bootstrapMs)])
    try {
      const listening = once(dht, 'listening', { signal: bounds })
      dht.listen(0, this.#init.host ?? '0.0.0.0')
      await listening
    } catch {
      await this.#close(dht)
      return undefined
    }
    if (!dht.ready) await once(dht, 'ready', { signal: bounds }).catch(() => {})
    return dht
  }

  async #close(dht: DHT): Promise<void> {
    if (this.#dht === dht) this.#dht = undefined
    await new Promise<void>(resolve => dht.destroy(resolve))
  }

  /** Whether an item that was put to us by a node with a valid token is kept. */
  #mayStore(item: MutableItem | undefined): boolean {
    if (!item || !isSigned(item)) return false
    const target = itemTarget(item)
    if (item.seq < this.#floorOf(target)) return false
    const key = target.toString('hex')
    const held = this.#dht?._values.peek(key)
    // BEP 44 has a repeated put refresh the item; the library refuses it as no newer, unless there seems to be none.
    if (held?.seq === item.seq && held.sig && Buffer.from(held.sig).equals(item.signature))
      this.#dht?._values.remove(key)
    return true
  }

  #floorOf(target: Buffer): number {
    return this.#floors.get(target.toString('hex')) ?? 0
  }

  #raiseFloor(target: Buffer, seq: number): void {
    const key = target.toString('hex')
    this.#floors.delete(key)
    this.#floors.set(key, seq)
    const [oldest] = this.#floors.keys()
    if (this.#floors.size > maxFloors && oldest !== undefined) this.#floors.delete(oldest)
  }
}

/** The item of which the library says that its signature was made over `signed`, the value in it as {@link GuardedSocket} wrote it. */
function readSigned(
  signature: Uint8Array,
  signed: Uint8Array,
  publicKey: Uint8Array,
): MutableItem | undefined {
  const dict = decodeBencode(Buffer.concat([Buffer.from('d'), signed, Buffer.from('e')]))
  if (!(dict instanceof BencodeDict)) return undefined
  const [salt = new Uint8Array(), seq, value] = [dict.get('salt'), dict.get('seq'), dict.get('v')]
  if (!(salt instanceof Uint8Array) || typeof seq !== 'number' || !(value instanceof Uint8Array))
    return undefined
  return { publicKey: Buffer.from(publicKey).toString('hex'), salt, seq, value, signature }
}

function heldItem({ k, v, seq, sig }: StoredItem, { salt }: ItemName): MutableItem | undefined {
  if (!k || !sig || seq === undefined) return undefined
  return { publicKey: Buffer.from(k).toString('hex'), salt, seq, value: v, signature: sig }
}

/** The IPv4 addresses of nodes, as far as their names can be resolved in time. */
async function resolveNodes(nodes: readonly string[], signal: AbortSignal): Promise<string[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookupMs)])
  const resolved = nodes.map(async node => {
    const colon = node.lastIndexOf(':')
    const [host, port] = [node.slice(0, colon), Number(node.slice(colon + 1))]
    if (colon < 1 || !(Number.isInteger(port) && port > 0 && port <= 65_535)) return []
    if (isIP(host) === 4) return [node]
    const found = await raceAbort(lookup(host, { family: 4 }), limit).catch(() => undefined)
    return found ? [`${found.address}:${port}`] : []
  })
  return (await Promise.all(resolved)).flat()
}
