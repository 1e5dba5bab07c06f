import type DHT from 'bittorrent-dht'
import { type AbortOptions, type Hex, raceAbort } from '../../core/index.ts'
import type { GuardedSocket } from './dht-guard.ts'
import { heldItem, readSigned } from './dht-held-item.ts'
import { type ItemName, isSigned, itemTarget, type MutableItem } from './dht-item.ts'
import { ItemFloors } from './dht-item-floors.ts'
import { writeNodesFile } from './dht-nodes-file.ts'
import { PeerDesk } from './dht-peer-desk.ts'
import { openDht } from './open-dht.ts'

export interface DhtNodeInit {
  /** Nodes to start from, `host:port`. */
  readonly bootstrap: readonly string[]
  /** IPv4 address to bind to. @default all of them */
  readonly host?: string | undefined
  /** UDP port to bind where it is free; asked when the node starts. @default any */
  readonly port?: (() => number) | undefined
  /** File that keeps its id and the nodes it knows from one run to the next. @default none */
  readonly nodesFile?: string | undefined
}

interface Running {
  readonly dht: DHT
  readonly guard: GuardedSocket
  readonly desk: PeerDesk
  readonly saving: NodeJS.Timeout
}

const walkMs = 30_000
const maxPeersFound = 1_000
const saveMs = 10 * 60_000

/**
 * A node of the DHT, IPv4 as the library: for peers (BEP 5) and mutable items (BEP 44), whatever engine speaks to peers. It starts
 * when it is first used, and keeps items for others. Nothing reaches the library but through {@link GuardedSocket}. Of an item, a
 * revision older than one that was once accepted here is neither handed out, kept nor sent.
 */
export class DhtNode {
  readonly #init: DhtNodeInit
  readonly #stopped = new AbortController()
  readonly #floors = new ItemFloors()
  #running: Running | undefined
  #starting: Promise<Running | undefined> | undefined
  #stopping: Promise<void> | undefined

  constructor(init: DhtNodeInit) {
    this.#init = init
  }

  /** Datagrams that were dropped because they break the rules, or nobody asked for them. */
  get dropped(): number {
    return this.#running?.guard.dropped ?? 0
  }

  /** Nodes that it knows; 0 before it is first used. */
  get nodes(): number {
    return this.#running?.dht.nodes.count() ?? 0
  }

  /** The UDP port; 0 before it is first used. */
  get port(): number {
    return this.#running?.dht.address().port ?? 0
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
      if (isOver || item?.publicKey !== name.publicKey || item.seq < this.#floors.of(target)) return false
      const isGood = onItem(item)
      if (isGood) this.#floors.raise(target, item.seq)
      return isGood
    }
    await this.#bounded(signal, async ({ dht }) => {
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
    if (item.seq < this.#floors.of(target) || !isSigned(item)) return 0
    this.#floors.raise(target, item.seq)
    const count = await this.#bounded(signal, async ({ dht }) => {
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
   * Asks the nodes near an info-hash for its peers (BEP 5), and calls `onPeer` once with each address found, `host:port`, 1,000 at most;
   * those at private addresses only where a node at one names them. Ends like {@link DhtNode.get}.
   *
   * @param infoHash 40 digits: of a v2 torrent the first 40
   */
  async findPeers(
    infoHash: Hex,
    onPeer: (address: string) => void,
    { signal }: AbortOptions = {},
  ): Promise<void> {
    const found = new Set<string>()
    await this.#bounded(signal, async ({ dht, desk }, end) => {
      const leave = desk.ask(infoHash, address => {
        if (found.size >= maxPeersFound || found.has(address)) return
        found.add(address)
        onPeer(address)
      })
      const done = Promise.withResolvers<void>()
      const stopWalk = dht.lookup(Buffer.from(infoHash, 'hex'), () => done.resolve())
      try {
        await raceAbort(done.promise, end)
      } finally {
        stopWalk()
        leave()
      }
    })
  }

  /** How many different peers of a torrent the DHT knows; see {@link DhtNode.findPeers}. */
  async countPeers(infoHash: Hex, options: AbortOptions = {}): Promise<number> {
    let count = 0
    await this.findPeers(infoHash, () => count++, options)
    return count
  }

  /**
   * Tells the nodes near an info-hash that a peer of it listens here (BEP 5). Those found by {@link DhtNode.findPeers} within the
   * last five minutes are told without being looked for again. Ends like {@link DhtNode.get}.
   *
   * @returns how many nodes took it
   */
  async announcePeer(infoHash: Hex, tcpPort: number, { signal }: AbortOptions = {}): Promise<number> {
    const count = await this.#bounded(signal, async ({ dht }) => {
      const taken = Promise.withResolvers<number>()
      dht.announce(Buffer.from(infoHash, 'hex'), tcpPort, (_error, nodes) => taken.resolve(nodes ?? 0))
      return taken.promise
    })
    return count ?? 0
  }

  /** Closes the port; what is under way ends with what it has. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#stopped.abort()
    await this.#starting?.catch(() => {})
    const running = this.#running
    if (!running) return
    clearInterval(running.saving)
    const saved = this.#save(running.dht)
    this.#running = undefined
    await Promise.all([saved, new Promise<void>(resolve => running.dht.destroy(resolve))])
  }

  /** Does some work with the running node, but no longer than a walk through the DHT may take. */
  async #bounded<T>(
    signal: AbortSignal | undefined,
    work: (running: Running, end: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    signal?.throwIfAborted()
    if (this.#stopped.signal.aborted) return undefined
    const bounds = [this.#stopped.signal, AbortSignal.timeout(walkMs), ...(signal ? [signal] : [])]
    const end = AbortSignal.any(bounds)
    try {
      const running = await raceAbort(this.#start(), end)
      return running && (await raceAbort(work(running, end), end))
    } catch (error) {
      if (signal?.aborted || !end.aborted) throw error
      return undefined
    }
  }

  #start(): Promise<Running | undefined> {
    this.#starting ??= this.#open().then(running => {
      // No name could be resolved, or no port be had: the next one who asks tries again.
      if (!running) this.#starting = undefined
      return running
    })
    return this.#starting
  }

  async #open(): Promise<Running | undefined> {
    const { bootstrap, host = '0.0.0.0', port, nodesFile } = this.#init
    const opened = await openDht({
      bootstrap,
      host,
      port: port?.() ?? 0,
      nodesFile,
      signal: this.#stopped.signal,
      verify: (signature, signed, publicKey) => this.#mayStore(readSigned(signature, signed, publicKey)),
    })
    if (!opened) return undefined
    const saving = setInterval(() => void this.#save(opened.dht), saveMs).unref()
    this.#running = { ...opened, desk: new PeerDesk(opened.dht), saving }
    return this.#running
  }

  async #save(dht: DHT): Promise<void> {
    const { nodesFile } = this.#init
    const nodes = dht.nodes.toArray()
    // What was remembered before is worth more than that nobody could be reached.
    if (nodesFile === undefined || nodes.length === 0) return
    const latest = nodes.toSorted((one, other) => (other.seen ?? 0) - (one.seen ?? 0))
    await writeNodesFile(nodesFile, { id: dht.nodeId, nodes: latest }).catch(() => {})
  }

  /** Whether an item that was put to us by a node with a valid token is kept. */
  #mayStore(item: MutableItem | undefined): boolean {
    if (!item || !isSigned(item)) return false
    const target = itemTarget(item)
    if (item.seq < this.#floors.of(target)) return false
    const key = target.toString('hex')
    const values = this.#running?.dht._values
    const held = values?.peek(key)
    // BEP 44 has a repeated put refresh the item; the library refuses it as no newer, unless there seems to be none.
    if (held?.seq === item.seq && held.sig && Buffer.from(held.sig).equals(item.signature))
      values?.remove(key)
    return true
  }
}
