import { Readable } from 'node:stream'
import { type AbortOptions, raceAbort } from '../abort.ts'
import { decodeBencode } from '../bencode/decode.ts'
import type { BencodeDict } from '../bencode/value.ts'
import { P2pShareError } from '../errors.ts'
import type { HashProgress } from '../hash/hash-progress.ts'
import { distinctNames } from './distinct-names.ts'
import { defaultPieceLength } from './piece-length.ts'

/** Bytes that are, or will come from, somewhere other than a file. */
export type Content = Uint8Array | Blob | Readable

/** A content with its name: a path with `/` makes folders. */
export interface NamedContent {
  readonly name: string
  readonly content: Content
}

/** One content makes a single-file torrent, several an album. A `File` has a name of its own. */
export type TorrentContents = Content | NamedContent | readonly (Content | NamedContent)[]

export interface ContentsOptions extends AbortOptions {
  name?: string | undefined
  pieceLength?: number | undefined
  format?: 'v1' | 'hybrid' | 'v2' | undefined
  isPrivate?: boolean | undefined
  onProgress?: ((progress: HashProgress) => void) | undefined
}

const chunkLength = 1 << 20

/**
 * Makes the `info` dictionary of a torrent of buffers, blobs and streams, with create-torrent. Streams are read to
 * their end, and destroyed where the signal aborts.
 *
 * @throws {P2pShareError} `ERR_NOTHING_TO_SHARE`, `ERR_INVALID_ARGUMENT`, `ERR_UNREADABLE_FILE` where a stream fails
 */
export async function createInfoFromContents(
  input: TorrentContents,
  options: ContentsOptions,
): Promise<BencodeDict> {
  const { signal, onProgress, isPrivate } = options
  if (options.format === 'hybrid' || options.format === 'v2')
    throw invalid(`A ${options.format} torrent can be made of files only: write the contents to files first`)
  const contents = (Array.isArray(input) ? input : [input]).map(nameContent)
  const names = distinctNames(contents.map(({ name }, index) => name ?? `Unknown File ${index + 1}`))
  const sizes = contents.map(({ content }) => sizeOf(content))
  const totalBytes = sizes.every(size => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : 0

  const progress = { hashedBytes: 0, totalBytes, filesDone: 0, fileCount: contents.length }
  const streams = contents.map(({ content, name }, index) => {
    const stream = Readable.from(
      bytesOf(content, signal, () => progress.filesDone++),
      { objectMode: false },
    )
    const isNamed = name !== undefined || contents.length > 1
    return Object.assign(stream, isNamed ? { name: names[index] } : {})
  })
  const { default: createTorrent } = await import('create-torrent')
  const made = Promise.withResolvers<Uint8Array>()
  const torrentOptions = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(isPrivate ? { private: true } : {}),
    pieceLength: options.pieceLength ?? defaultPieceLength(totalBytes),
    announceList: [],
    // What is named here is meant, whatever its name.
    filterJunkFiles: false,
    onProgress: (hashedBytes: number) => {
      progress.hashedBytes = hashedBytes
      try {
        onProgress?.({ ...progress, totalBytes: Math.max(totalBytes, hashedBytes) })
      } catch (error) {
        // Thrown on, it would end the process: create-torrent calls this where nobody catches.
        made.reject(error)
      }
    },
  }
  try {
    createTorrent(streams, torrentOptions, (error, bytes) =>
      error ? made.reject(unreadable(error)) : made.resolve(bytes),
    )
    const torrent = decodeBencode(await raceAbort(made.promise, signal)) as BencodeDict
    if (progress.hashedBytes === 0)
      throw new P2pShareError('ERR_NOTHING_TO_SHARE', 'The contents hold no bytes')
    return torrent.get('info') as BencodeDict
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    for (const stream of streams) stream.destroy()
    // A stream that is silent would keep its reader waiting for ever.
    for (const { content } of contents) if (content instanceof Readable) content.destroy()
  }
}

function nameContent(item: Content | NamedContent): { name: string | undefined; content: Content } {
  const named = typeof item === 'object' && item !== null && 'content' in item ? item : undefined
  const content = named ? named.content : (item as Content)
  if (!(content instanceof Uint8Array || content instanceof Blob || content instanceof Readable))
    throw invalid(
      'A torrent is made of paths, or of buffers, blobs and streams: not of both, nor of anything else',
    )
  const name = named?.name ?? (content instanceof File ? content.name : undefined)
  if (name?.split('/').some(part => part === '' || part === '.' || part === '..' || part.includes('\0')))
    throw invalid(`"${name}" cannot be the name of a file in a torrent`)
  return { name, content }
}

function sizeOf(content: Content): number | undefined {
  if (content instanceof Uint8Array) return content.length
  return content instanceof Blob ? content.size : undefined
}

async function* bytesOf(
  content: Content,
  signal: AbortSignal | undefined,
  onEnd: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunksOf(content)) {
    signal?.throwIfAborted()
    if (typeof chunk === 'string') yield Buffer.from(chunk)
    else if (chunk instanceof Uint8Array) yield chunk
    else throw invalid('A stream gave something other than bytes')
  }
  onEnd()
}

function chunksOf(content: Content): AsyncIterable<unknown> | Iterable<unknown> {
  if (content instanceof Blob) return content.stream()
  return content instanceof Uint8Array ? slicesOf(content) : content
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkLength) yield bytes.subarray(at, at + chunkLength)
}

function unreadable(cause: Error): P2pShareError {
  if (cause instanceof P2pShareError) return cause
  return new P2pShareError('ERR_UNREADABLE_FILE', `Cannot read the contents: ${cause.message}`, { cause })
}

function invalid(message: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_ARGUMENT', message)
}
