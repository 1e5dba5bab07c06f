import type { Hex } from '../core/index.ts'
import type { LocalDiscovery } from './discovery/local.ts'

/** What the local network is told of one transfer (BEP 14): nothing while it is held, nor ever of a private torrent. */
export class LocalNews {
  readonly #lsd: LocalDiscovery
  readonly #engine: { readonly port: number }
  #hashes: readonly Hex[] = []
  #isPrivate: boolean
  #isHeld = false

  /** @param engine whose TCP port peers may reach us at */
  constructor(lsd: LocalDiscovery, engine: { readonly port: number }, isPrivate: boolean) {
    this.#lsd = lsd
    this.#engine = engine
    this.#isPrivate = isPrivate
  }

  /** The transfer goes by these hashes too, 40 digits each. */
  add(hashes: Iterable<Hex>): void {
    for (const hash of hashes) {
      if (this.#hashes.includes(hash)) continue
      this.#hashes = [...this.#hashes, hash]
      if (!this.#isPrivate && !this.#isHeld) this.#lsd.announce(hash, this.#engine.port)
    }
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    if (isHeld || this.#isPrivate) this.#withdraw()
    else for (const hash of this.#hashes) this.#lsd.announce(hash, this.#engine.port)
  }

  /** The torrent turned out to be private, or the transfer has ended. */
  silence(): void {
    this.#isPrivate = true
    this.#withdraw()
  }

  #withdraw(): void {
    for (const hash of this.#hashes) this.#lsd.withdraw(hash)
  }
}
