import { type ListedFile, listFiles, type Metainfo, mainInfoHash, P2pShareError } from '../../core/index.ts'
import {
  allowedHosts,
  type Fetch,
  HttpError,
  httpErrorOf,
  type Listening,
  listen,
  newToken,
  problemOf,
  sameToken,
  sendContent,
} from '../../http/index.ts'
import type { Transfer } from '../transfer.ts'
import { dispositionOf, encodeName, nameOf } from './file-name.ts'
import { playbackPage } from './page.ts'
import { isPlayableType, mediaTypeOf, playableFiles } from './playable.ts'
import { playlistOf } from './playlist.ts'

export interface PlaybackInit {
  /** Its metadata has to be known. */
  readonly transfer: Transfer
  /** Port to listen on, of 127.0.0.1 only. @default 0, any free one */
  readonly port?: number | undefined
  /** Monotonic milliseconds. @default performance.now */
  readonly now?: (() => number) | undefined
}

const host = '127.0.0.1'
/** A player that is paused reads nothing, and a piece may be long in coming. */
const idleTimeoutMs = 10 * 60_000
const maxConnections = 64

const policy = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'"
const harmless = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** Nothing of a file may run, load or reach out, whatever its maker put into it. */
const sandboxed = { 'content-security-policy': `${policy}; sandbox` }

/**
 * Serves the files of a transfer to players and browsers of this machine, each byte as soon as it is there; what is asked for is
 * fetched first. Whoever does not know the token in the address learns nothing.
 *
 * @example
 * await using playback = await Playback.start({ transfer })
 * console.log(playback.urlOf(0))
 */
export class Playback {
  readonly #transfer: Transfer
  readonly #metainfo: Metainfo
  readonly #token = newToken()
  readonly #files: readonly ListedFile[]
  readonly #now: () => number
  #listening: Listening | undefined
  #answering = 0
  #quietSinceMs: number

  private constructor(transfer: Transfer, metainfo: Metainfo, now: () => number) {
    this.#transfer = transfer
    this.#now = now
    this.#quietSinceMs = now()
    this.#metainfo = metainfo
    this.#files = listFiles(metainfo.files)
  }

  /** @throws {P2pShareError} `ERR_PORT_TAKEN`, or `ERR_INVALID_ARGUMENT` where the metadata is not known yet */
  static async start({ transfer, port = 0, now = () => performance.now() }: PlaybackInit): Promise<Playback> {
    const { metainfo } = transfer
    if (!metainfo) {
      throw new P2pShareError(
        'ERR_INVALID_ARGUMENT',
        `Wait for the metadata of ${transfer.name} before it is played`,
      )
    }
    const playback = new Playback(transfer, metainfo, now)
    const isAllowed = allowedHosts({ listenHost: host })
    const answer: Fetch = async (request, env) => {
      try {
        if (!isAllowed(env.incoming.headers.host ?? '')) {
          throw new HttpError(421, 'This server does not answer to that name.')
        }
        return await playback.#answer(new URL(request.url), env)
      } catch (error) {
        return problemOf(httpErrorOf(error))
      }
    }
    // The list of types is loaded before somebody waits for the first byte.
    await mediaTypeOf({ path: '' })
    playback.#listening = await listen(answer, {
      host,
      port,
      idleTimeoutMs,
      maxConnections,
      closeTimeoutMs: 0,
    })
    return playback
  }

  /** A page that lists the files. */
  get url(): string {
    return `${this.#listening?.url}/${this.#token}/`
  }

  /** A playlist of all files that can be played. */
  get playlistUrl(): string {
    return `${this.url}playlist.m3u8`
  }

  /** How long nobody has read anything, in milliseconds; 0 while somebody does. */
  get idleMs(): number {
    return this.#answering > 0 ? 0 : this.#now() - this.#quietSinceMs
  }

  /** The address of one file; the index is that of the metainfo's `files`. */
  urlOf(fileIndex: number): string {
    const file = this.#metainfo.files[fileIndex]
    return `${this.url}${fileIndex}/${file ? encodeName(nameOf(file)) : ''}`
  }

  /** Ends every answer and closes the port. Idempotent. */
  async close(): Promise<void> {
    await this.#listening?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #answer({ pathname, searchParams }: URL, env: Parameters<Fetch>[1]): Promise<Response> {
    const [, token = '', first, second] = pathname.split('/')
    if (!sameToken(token, this.#token)) throw notFound()
    if (first === '') return this.#page(env.incoming.method)
    if (first === 'playlist.m3u8' && second === undefined) return this.#playlist(env.incoming.method)
    if (!first || !/^\d{1,6}$/.test(first) || second === undefined) throw notFound()
    return this.#file(Number(first), searchParams.has('download'), env)
  }

  async #page(method: string | undefined): Promise<Response> {
    const file = ({ index, file }: ListedFile) => `${index}/${encodeName(nameOf(file))}`
    const page = await playbackPage(this.#metainfo, this.#files, { playlist: 'playlist.m3u8', file })
    return text(method, page, 'text/html; charset=utf-8')
  }

  async #playlist(method: string | undefined): Promise<Response> {
    const files = await playableFiles(this.#metainfo.files)
    const list = playlistOf(files, ({ index }) => this.urlOf(index))
    return text(method, list, 'audio/x-mpegurl; charset=utf-8')
  }

  async #file(index: number, isDownload: boolean, env: Parameters<Fetch>[1]): Promise<Response> {
    const file = this.#metainfo.files[index]
    if (!file || file.isPad || file.isLink) throw notFound()
    const type = await mediaTypeOf(file)
    const kind = isPlayableType(type) && !isDownload ? 'inline' : 'attachment'
    this.#answering++
    try {
      return await sendContent(env, {
        sizeBytes: file.sizeBytes,
        type,
        etag: `"${mainInfoHash(this.#metainfo)}-${index}"`,
        headers: { ...harmless, ...sandboxed, 'content-disposition': dispositionOf(kind, nameOf(file)) },
        open: ({ end }, signal) => this.#transfer.openFile(index, { end, signal }),
      })
    } finally {
      this.#answering--
      this.#quietSinceMs = this.#now()
    }
  }
}

function text(method: string | undefined, body: string, type: string): Response {
  if (method !== 'GET' && method !== 'HEAD') {
    throw new HttpError(405, 'This can only be read.', { allow: 'GET, HEAD' })
  }
  return new Response(method === 'HEAD' ? null : body, { headers: { ...harmless, 'content-type': type } })
}

function notFound(): HttpError {
  return new HttpError(404, 'There is nothing here.')
}
