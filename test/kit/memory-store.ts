import { P2pShareError } from '../../src/core/index.ts'
import type { ChunkStore } from '../../src/swarm/index.ts'

/** Content in memory, with the faults that a disk can have. */
export class MemoryStore implements ChunkStore {
  readonly content: Buffer
  /** Set: every write fails with it. */
  writeError: P2pShareError | undefined
  writes = 0
  isClosed = false

  constructor(content: Uint8Array | number) {
    this.content = typeof content === 'number' ? Buffer.alloc(content) : Buffer.from(content)
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    into.set(this.content.subarray(offset, offset + into.length))
  }

  async readInto(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    let at = offset
    for (const part of parts) {
      part.set(this.content.subarray(at, at + part.length))
      at += part.length
    }
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    return this.writeFrom(offset, [bytes])
  }

  async writeFrom(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    this.writes++
    if (this.writeError) throw this.writeError
    let at = offset
    for (const part of parts) {
      this.content.set(part, at)
      at += part.length
    }
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.isClosed = true
  }
}

export const diskFull = new P2pShareError('ERR_DISK_FULL', 'No room left to write clip.avi: free some space')
