import { type AbortOptions, P2pShareError, raceAbort } from '../../core/index.ts'
import { FileReader, type ReadableContent } from './file-reader.ts'
import { PieceWaits } from './piece-waits.ts'

/** What of a file is read. */
export interface StreamOptions extends AbortOptions {
  /** Offset within the file to begin at. @default 0 */
  readonly start?: number | undefined
  /** Offset within the file to end before. @default its size */
  readonly end?: number | undefined
}

/** A transfer's content, with what has to be done before one of its files can be read. */
export interface StreamableContent extends ReadableContent {
  /** Sees to it that the file is fetched, where it was not chosen before. */
  select(fileIndex: number): Promise<void> | void
}

/** Readers that a transfer can have at once: as many as an engine hurries for. */
export const maxReaders = 16
const chunkBytes = 1024 * 1024

/** Everybody who reads files of one transfer. */
export class FileStreams {
  readonly #waits = new PieceWaits()
  readonly #opened = Promise.withResolvers<StreamableContent>()
  readonly #readers = new Set<FileReader>()
  #opening = 0
  #ended: P2pShareError | undefined

  constructor() {
    this.#opened.promise.catch(() => {})
  }

  /** Readers that are open. */
  get count(): number {
    return this.#readers.size + this.#opening
  }

  /** The content is there. */
  begin(content: StreamableContent): void {
    this.#opened.resolve(content)
  }

  /** A piece has passed its hash and is not in the store yet; its bytes are only lent. */
  onVerified(piece: number, bytes: Buffer): void {
    this.#waits.onVerified(piece, bytes)
  }

  /** A piece is in the store. */
  onPiece(piece: number): void {
    this.#waits.onPiece(piece)
  }

  /** Everybody is to look again at what is held. */
  refresh(): void {
    this.#waits.wakeAll()
  }

  /** Nothing more is to come: whoever waits is told why. */
  end(reason: P2pShareError): void {
    this.#ended ??= reason
    this.#opened.reject(reason)
    this.#waits.end(reason)
    for (const reader of [...this.#readers]) reader.close()
  }

  /**
   * Opens a file to read it in any order; waits until the metadata is known and the files are open.
   *
   * @param fileIndex where the file stands in the metainfo's `files`; one that was not chosen is from now on
   * @throws {P2pShareError} `ERR_NO_SUCH_FILE`, `ERR_RATE_LIMITED` past 16 readers, `ERR_STOPPED` or why the transfer failed
   */
  async open(fileIndex: number, { end, signal }: StreamOptions = {}): Promise<FileReader> {
    if (this.count >= maxReaders) {
      throw new P2pShareError('ERR_RATE_LIMITED', `${maxReaders} readers at once are all that a transfer has`)
    }
    this.#opening++
    try {
      const content = await raceAbort(this.#opened.promise, signal)
      const file = content.metainfo.files[fileIndex]
      if (!file || file.isPad || file.isLink) {
        throw new P2pShareError('ERR_NO_SUCH_FILE', `${content.metainfo.name} has no file ${fileIndex}`)
      }
      await content.select(fileIndex)
      signal?.throwIfAborted()
      if (this.#ended) throw this.#ended
      const until = Math.min(end ?? file.sizeBytes, file.sizeBytes)
      const onClose = () => void this.#readers.delete(reader)
      const reader: FileReader = new FileReader({
        content,
        file,
        waits: this.#waits,
        end: until,
        signal,
        onClose,
      })
      this.#readers.add(reader)
      return reader
    } finally {
      this.#opening--
    }
  }

  /** The bytes of a file in order, each as soon as it is there: see {@link open}. */
  async *stream(fileIndex: number, options: StreamOptions = {}): AsyncGenerator<Uint8Array, undefined> {
    const reader = await this.open(fileIndex, options)
    try {
      const end = Math.min(options.end ?? reader.sizeBytes, reader.sizeBytes)
      let at = Math.max(options.start ?? 0, 0)
      while (at < end) {
        const chunk = new Uint8Array(Buffer.allocUnsafeSlow(Math.min(chunkBytes, end - at)).buffer)
        const length = await reader.read(at, chunk)
        at += length
        yield chunk.subarray(0, length)
      }
    } finally {
      reader.close()
    }
  }
}
