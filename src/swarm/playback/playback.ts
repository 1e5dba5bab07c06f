import { type ListedFile, listFiles, type Metainfo, P2pShareError } from '../../core/index.ts'
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
} from '../../http/index.ts'
import type { Transfer } from '../transfer.ts'
import { encodeName, nameOf } from './file-name.ts'
import { playbackPage } from './page.ts'
import { mediaTypeOf, playableFiles } from './playable.ts'
import { playlistOf } from './playlist.ts'
import { sendFile, sendText } from './send-file.ts'

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
    const index = /^\d{1,6}$/.test(first ?? '') ? Number(first) : -1
    const file = this.#metainfo.files[index]
    if (second === undefined || !file || file.isPad || file.isLink) throw notFound()
    return this.#file(index, searchParams.has('download'), env)
  }

  async #page(method: string | undefined): Promise<Response> {
    const file = ({ index, file }: ListedFile) => `${index}/${encodeName(nameOf(file))}`
    const page = await playbackPage(this.#metainfo, this.#files, { playlist: 'playlist.m3u8', file })
    return sendText(method, page, 'text/html; charset=utf-8')
  }

  async #playlist(method: string | undefined): Promise<Response> {
    const files = await playableFiles(this.#metainfo.files)
    const list = playlistOf(files, ({ index }) => this.urlOf(index))
    return sendText(method, list, 'audio/x-mpegurl; charset=utf-8')
  }

  async #file(index: number, isDownload: boolean, env: Parameters<Fetch>[1]): Promise<Response> {
    this.#answering++
    try {
      return await sendFile(env, this.#transfer, this.#metainfo, index, isDownload)
    } finally {
      this.#answering--
      this.#quietSinceMs = this.#now()
    }
  }
}

function notFound(): HttpError {
  return new HttpError(404, 'There is nothing here.')
}
