import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AbortOptions, findHome, P2pShareError } from '../../core/index.ts'
import type { ChannelReport, PeerStats } from '../../swarm/index.ts'
import type { BoxStatus } from '../box-status.ts'
import type { HistoryView } from '../history/history-view.ts'
import type { TransferView } from '../server/transfer-view.ts'
import { findBox } from '../server/where.ts'
import { type BoxEvent, readEvents } from './box-events.ts'
import { BoxRequests } from './box-requests.ts'
import { doWork, type WorkOptions } from './box-work.ts'
import type { BoxPlan, FollowedSource, PrunedTransfer } from './followed-facts.ts'
import type { BoxSearch, FoundPage } from './found-listings.ts'
import type {
  AddedTransfer,
  FileView,
  HeldPieces,
  LeftFiles,
  SharedLink,
  SteerOutcome,
  TransferLogEntry,
} from './transfer-facts.ts'
import type {
  AddOptions,
  BoxLimits,
  ShareOptions,
  SteerOrder,
  TransferChange,
  TransferQuery,
} from './transfer-orders.ts'

const filesAtOnce = 10_000

/** Steers a box that runs on this machine, through its API. A transfer is named by its number, info-hash or name; a number is nothing else. */
export class BoxClient {
  readonly #requests: BoxRequests

  constructor(url: string, token: string) {
    this.#requests = new BoxRequests(url, token)
  }

  /**
   * The box of a home.
   * @throws {P2pShareError} `ERR_NO_BOX` where none runs, `ERR_UNREADABLE_FILE` where the home is another user's
   */
  static async find(homePath?: string): Promise<BoxClient> {
    const home = findHome(homePath)
    const box = await findBox(join(home.state, 'box.json'))
    const token = await readFile(join(homePath ?? home.config, 'api-token'), 'utf8').catch(() => undefined)
    if (box && token !== undefined) return new BoxClient(box.url, token.trim())
    throw new P2pShareError('ERR_NO_BOX', `No box runs on the home ${homePath ?? 'of this user'}`)
  }

  async transfers({ signal, state, ...query }: TransferQuery = {}): Promise<readonly TransferView[]> {
    const path = `/transfers${queryOf({ ...query, state: state && String(state) })}`
    const { transfers } = await this.#get<{ transfers: TransferView[] }>(path, { signal })
    return transfers
  }

  transfer(reference: string, options: AbortOptions = {}): Promise<TransferView> {
    return this.#get(pathOf(reference), options)
  }

  /** All files of a transfer; none until they are known. */
  async files(reference: string, options: AbortOptions = {}): Promise<readonly FileView[]> {
    const files: FileView[] = []
    for (;;) {
      const query = queryOf({ limit: filesAtOnce, offset: files.length })
      const part = await this.#get<{ total: number; files: FileView[] }>(
        `${pathOf(reference)}/files${query}`,
        options,
      )
      files.push(...part.files)
      if (files.length >= part.total || part.files.length === 0) return files
    }
  }

  async peers(reference: string, options: AbortOptions = {}): Promise<readonly PeerStats[]> {
    return (await this.#get<{ peers: PeerStats[] }>(`${pathOf(reference)}/peers`, options)).peers
  }

  channels(reference: string, options: AbortOptions = {}): Promise<ChannelReport> {
    return this.#get(`${pathOf(reference)}/channels`, options)
  }

  pieces(reference: string, options: AbortOptions = {}): Promise<HeldPieces> {
    return this.#get(`${pathOf(reference)}/pieces`, options)
  }

  async log(reference: string, options: AbortOptions = {}): Promise<readonly TransferLogEntry[]> {
    return (await this.#get<{ entries: TransferLogEntry[] }>(`${pathOf(reference)}/log`, options)).entries
  }

  add({ torrent, ...rest }: AddOptions, options: AbortOptions = {}): Promise<AddedTransfer> {
    const json = { ...rest, ...(torrent && { torrent: Buffer.from(torrent).toString('base64') }) }
    return this.#requests.ask({ method: 'POST', path: '/transfers', json, ...options })
  }

  change(reference: string, json: TransferChange, options: AbortOptions = {}): Promise<TransferView> {
    return this.#requests.ask({ method: 'PATCH', path: pathOf(reference), json, ...options })
  }

  pause(reference: string, options: AbortOptions = {}): Promise<void> {
    return this.#post(`${pathOf(reference)}/pause`, options)
  }

  resume(reference: string, options: AbortOptions = {}): Promise<void> {
    return this.#post(`${pathOf(reference)}/resume`, options)
  }

  /** Begins to hash everything anew; its state is `checking` meanwhile. */
  recheck(reference: string, options: AbortOptions = {}): Promise<void> {
    return this.#post(`${pathOf(reference)}/recheck`, options)
  }

  /** Does the same with up to 10,000 transfers; the answer says with which it was not done, and why. */
  steer(json: SteerOrder, options: WorkOptions = {}): Promise<SteerOutcome> {
    return this.#work('/transfers/steer', json, options)
  }

  announce(reference: string, options: AbortOptions = {}): Promise<void> {
    return this.#post(`${pathOf(reference)}/announce`, options)
  }

  /** @param folder absolute, on the machine of the box */
  move(reference: string, folder: string, options: WorkOptions = {}): Promise<TransferView> {
    return this.#work(`${pathOf(reference)}/move`, { folder }, options)
  }

  /** Forgets a transfer. With `data` its files are deleted, those alone that the box wrote; answers which stay, once they are gone. */
  remove(
    reference: string,
    { data = false, ...options }: WorkOptions & { data?: boolean } = {},
  ): Promise<LeftFiles> {
    const request = { method: 'DELETE', path: `${pathOf(reference)}?data=${data}` } as const
    return data
      ? doWork(this.#requests, request, options)
      : this.#requests.ask({ ...request, signal: options.signal })
  }

  /** Shares files of the machine that the box runs on; resolves once they are hashed. */
  share(json: ShareOptions, options: WorkOptions = {}): Promise<TransferView> {
    return this.#work('/shares', json, options)
  }

  /** What is shared from an absolute path of the box's machine, or was fetched to it: there, that it is in, or else below it. */
  async links(path: string, options: AbortOptions = {}): Promise<readonly SharedLink[]> {
    return (await this.#get<{ links: SharedLink[] }>(`/links${queryOf({ path })}`, options)).links
  }

  /** Sends a file to the box, into an album; nothing is shared before {@link finishUpload}. */
  upload(
    album: string,
    name: string,
    bytes: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>,
    { signal }: AbortOptions = {},
  ): Promise<{ readonly name: string; readonly sizeBytes: number }> {
    const path = `/uploads/${encodeURIComponent(album)}/${encodeURIComponent(name)}`
    return this.#requests.ask({ method: 'PUT', path, bytes, signal, timeoutMs: undefined })
  }

  /** Shares what was uploaded: one file as a clip, more as an album. */
  finishUpload(
    album: string,
    json: Pick<ShareOptions, 'labels' | 'location'> = {},
    options: WorkOptions = {},
  ): Promise<TransferView> {
    return this.#work(`/uploads/${encodeURIComponent(album)}/done`, json, options)
  }

  status(options: AbortOptions = {}): Promise<BoxStatus> {
    return this.#get('/status', options)
  }

  /** What went through in the last hour, day or month. */
  history(span: HistoryView['span'] = 'hour', options: AbortOptions = {}): Promise<HistoryView> {
    return this.#get(`/history${queryOf({ span })}`, options)
  }

  limits(options: AbortOptions = {}): Promise<BoxLimits> {
    return this.#get('/limits', options)
  }

  /** Until the next start, or the next hours of the schedule. */
  setLimits(json: Partial<BoxLimits>, options: AbortOptions = {}): Promise<BoxLimits> {
    return this.#requests.ask({ method: 'PATCH', path: '/limits', json, ...options })
  }

  /** Searches the catalogs that the box follows. */
  search({ signal, ...query }: BoxSearch = {}): Promise<FoundPage> {
    return this.#get(`/search${queryOf(query)}`, { signal })
  }

  /** The catalogs and feeds that are followed. */
  async following(options: AbortOptions = {}): Promise<readonly FollowedSource[]> {
    return (await this.#get<{ sources: FollowedSource[] }>('/following', options)).sources
  }

  /** @param prune whether to plan as if what could be dropped were gone */
  plan({ prune = false, signal }: AbortOptions & { prune?: boolean } = {}): Promise<BoxPlan> {
    return this.#get(`/plan${queryOf({ prune: `${prune}` })}`, { signal })
  }

  /** Drops these transfers, with their files, of what a plan said could go. Answers what went. */
  async prune(ids: readonly number[], options: WorkOptions = {}): Promise<readonly PrunedTransfer[]> {
    return (await this.#work<{ dropped: PrunedTransfer[] }>('/plan/prune', { ids }, options)).dropped
  }

  /** What happens, from a snapshot of everything on, until aborted. */
  async *events({ signal }: AbortOptions = {}): AsyncGenerator<BoxEvent, void, undefined> {
    const request = { method: 'GET', path: '/events', signal, timeoutMs: undefined } as const
    const { body } = await this.#requests.open(request)
    if (body) yield* readEvents(body)
  }

  /** A link to the pages that lets a browser in, once. `undefined` where they ask whoever runs this process for nothing. */
  async signInLink({ signal }: AbortOptions = {}): Promise<string | undefined> {
    if (await this.#requests.isOpen(signal)) return undefined
    const request = { method: 'POST', path: '/sign-in-links', signal } as const
    return (await this.#requests.ask<{ url: string }>(request)).url
  }

  /** Resolves once the box has begun to stop. */
  stop(options: AbortOptions = {}): Promise<void> {
    return this.#post('/stop', options)
  }

  #get<Answer>(path: string, options: AbortOptions): Promise<Answer> {
    return this.#requests.ask({ method: 'GET', path, ...options })
  }

  #work<Answer>(path: string, json: object, options: WorkOptions): Promise<Answer> {
    return doWork(this.#requests, { method: 'POST', path, json }, options)
  }

  #post(path: string, options: AbortOptions): Promise<void> {
    return this.#requests.ask({ method: 'POST', path, ...options })
  }
}

function pathOf(reference: string): string {
  return `/transfers/${encodeURIComponent(reference)}`
}

function queryOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, `${value}`]))}`
}
