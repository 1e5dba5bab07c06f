import { hash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { uptime } from 'node:os'
import { sep } from 'node:path'
import { Bitfield, type Hex, type InfoHashes, readWhole, writeFileAtomic } from '../../core/index.ts'
import type { FileStamp } from './file-stamp.ts'

/** What is remembered of a torrent on disk, so that a restart need not read it all again. */
export interface ResumeRecord {
  readonly infoHash: Hex
  /** Absolute path of the file, or of the folder of files. */
  readonly path: string
  readonly have: Bitfield
  /** Indexes of the files that were asked for; the others may hold only what shares a piece with them. */
  readonly wanted: readonly number[]
  /** Indexes of the files that are in their own place; the others are among the parts. */
  readonly placed: readonly number[]
  /** Indexes of the files that were there before, which we never delete. */
  readonly foreign: readonly number[]
  /** Each file when its pieces were last counted, by index; `undefined` where there was none. */
  readonly stamps: readonly (FileStamp | undefined)[]
  /** How long the .torrent is that was kept with it. */
  readonly torrentBytes: number
  /** Whether all of it had reached the disk, so that it holds after a power cut too. */
  readonly isFlushed: boolean
}

interface Stored {
  version: 1
  infoHash: string
  path: string
  pieceCount: number
  have: string
  wanted: number[]
  placed?: number[]
  foreign?: number[]
  stamps: ([number, number] | null)[]
  torrentBytes?: number
  bootedAt: number
  isFlushed: boolean
}

const maxRecordBytes = 64 * 1024 * 1024
/** Two readings of the same start of the machine differ by less than this. */
const bootToleranceMs = 10_000
/** How long one is good for. */
const bootAgeMs = 1_000

/** Resume data in one folder: a small file for each torrent and place, and the .torrent itself. */
export class ResumeFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * The record of a torrent at a path, or `undefined` where there is none that can be used.
   *
   * `isTrusted` is false after a power cut or crash of the machine: what the system had not written out may be lost,
   * so that every piece must be hashed again.
   */
  async load(infoHash: Hex, path: string): Promise<(ResumeRecord & { isTrusted: boolean }) | undefined> {
    try {
      const stored = await readWhole(this.#record(infoHash, path), maxRecordBytes, parseRecord)
      if (stored?.version !== 1 || stored.infoHash !== infoHash || stored.path !== path) return undefined
      return {
        infoHash,
        path,
        have: new Bitfield(stored.pieceCount, Buffer.from(stored.have, 'base64')),
        wanted: stored.wanted,
        placed: stored.placed ?? stored.wanted,
        foreign: stored.foreign ?? [],
        stamps: stored.stamps.map(stamp =>
          stamp ? { sizeBytes: stamp[0], modifiedMs: stamp[1] } : undefined,
        ),
        torrentBytes: stored.torrentBytes ?? 0,
        isFlushed: stored.isFlushed,
        isTrusted: stored.isFlushed || Math.abs(stored.bootedAt - bootedAt()) < bootToleranceMs,
      }
    } catch {
      // Missing or damaged: hashing what is there finds out the same, only more slowly.
      return undefined
    }
  }

  /** @throws {P2pShareError} `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`; the record before it then still stands */
  async save(record: ResumeRecord): Promise<void> {
    const stored: Stored = {
      version: 1,
      infoHash: record.infoHash,
      path: record.path,
      pieceCount: record.have.length,
      have: Buffer.from(record.have.bytes).toString('base64'),
      wanted: [...record.wanted],
      placed: [...record.placed],
      foreign: [...record.foreign],
      stamps: record.stamps.map(stamp => (stamp ? [stamp.sizeBytes, stamp.modifiedMs] : null)),
      torrentBytes: record.torrentBytes,
      bootedAt: bootedAt(),
      isFlushed: record.isFlushed,
    }
    await writeFileAtomic(this.#record(record.infoHash, record.path), JSON.stringify(stored))
  }

  async forget(infoHash: Hex, path: string): Promise<void> {
    await rm(this.#record(infoHash, path), { force: true })
    await rm(this.partFolder(infoHash, path), { force: true, recursive: true })
  }

  /** Forgets the .torrent itself, kept by either of its info-hashes, unless it is remembered at another path too. */
  async forgetTorrent({ infoHash, infoHashV2 }: InfoHashes): Promise<void> {
    const hashes = [infoHash, infoHashV2].filter(one => one !== undefined)
    const names = await readdir(this.#folder).catch((): string[] => [])
    const isRecord = (name: string) => name.endsWith('.json') && hashes.includes(name.split('-')[0]!)
    if (names.some(isRecord)) return
    for (const one of hashes) await rm(this.#torrent(one), { force: true })
  }

  /** The bytes of a .torrent kept from an earlier run. */
  async loadTorrent(infoHash: Hex): Promise<Uint8Array | undefined> {
    return readFile(this.#torrent(infoHash)).catch(() => undefined)
  }

  /** Keeps the bytes of a .torrent; one of the same hash and length is the same. */
  async saveTorrent(infoHash: Hex, bytes: Uint8Array): Promise<void> {
    const path = this.#torrent(infoHash)
    const kept = await stat(path).catch(() => undefined)
    if (kept?.size !== bytes.length) await writeFileAtomic(path, bytes)
  }

  /** Where the pieces of unwanted files go that share a piece with a wanted one. */
  partFolder(infoHash: Hex, path: string): string {
    return `${this.#folder}${sep}${key(infoHash, path)}.parts`
  }

  #record(infoHash: Hex, path: string): string {
    return `${this.#folder}${sep}${key(infoHash, path)}.json`
  }

  #torrent(infoHash: Hex): string {
    return `${this.#folder}${sep}${infoHash}.torrent`
  }
}

function key(infoHash: Hex, path: string): string {
  return `${infoHash}-${hash('sha256', path).slice(0, 16)}`
}

function parseRecord(bytes: Buffer): Stored | undefined {
  if (bytes.length > maxRecordBytes) return undefined
  return JSON.parse(bytes.toString())
}

let booted = { at: 0, lookedAtMs: Number.NEGATIVE_INFINITY }

/** Asking the system takes longer than reading a record. */
function bootedAt(): number {
  const now = performance.now()
  if (now - booted.lookedAtMs > bootAgeMs)
    booted = { at: Math.round(Date.now() - uptime() * 1000), lookedAtMs: now }
  return booted.at
}
