import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { type AbortOptions, findHome, P2pShareError } from '../../core/index.ts'
import type { BoxStatus } from '../box-status.ts'
import type { limitsSchema, searchAnswer, searchParameters } from '../server/api/box-schemas.ts'
import type { followingAnswer, planAnswer, pruneAnswer } from '../server/api/following-schemas.ts'
import type { linksAnswer } from '../server/api/link-operations.ts'
import type { shareBody } from '../server/api/share-schemas.ts'
import type { signInLinkAnswer } from '../server/api/sign-in-operations.ts'
import type { steerAnswer, steerBody } from '../server/api/steering-operations.ts'
import type {
  changeBody,
  channelsAnswer,
  filesAnswer,
  listParameters,
  logAnswer,
  newTransferBody,
  peersAnswer,
  piecesAnswer,
} from '../server/api/transfer-schemas.ts'
import type { TransferView } from '../server/transfer-view.ts'
import { findBox } from '../server/where.ts'
import { type BoxEvent, readEvents } from './box-events.ts'
import { BoxRequests } from './box-requests.ts'

/** How a transfer is added: `id`, or the bytes of a `torrent`. */
export interface AddOptions extends Omit<z.input<typeof newTransferBody>, 'torrent'> {
  readonly torrent?: Uint8Array | undefined
}

/** What can be changed of a transfer; what is left out stays. */
export type TransferChange = z.input<typeof changeBody>
/** Which transfers are listed, how many, and in which order. */
type ListQuery = Partial<Record<keyof z.input<typeof listParameters>, string | number | undefined>>
/** How files of the box's machine are shared. */
export type ShareOptions = z.input<typeof shareBody>
/** A file of a transfer. */
export type FileView = z.output<typeof filesAnswer>['files'][number]
/** What would be fetched of what is followed, and what could be dropped. */
export type BoxPlan = z.output<typeof planAnswer>
/** Bytes a second over all transfers; `null` is without limit. */
export type BoxLimits = z.output<typeof limitsSchema>

const filesAtOnce = 10_000

/** Steers a box that runs on this machine, through its API. A transfer is named by its number, info-hash or name; a number is nothing else. */
export class BoxClient {
  readonly #requests: BoxRequests

  constructor(url: string, token: string) {
    this.#requests = new BoxRequests(url, token)
  }

  /**
   * The box of a home.
   * @throws {P2pShareError} `ERR_NO_BOX` where none runs
   */
  static async find(homePath?: string): Promise<BoxClient> {
    const home = findHome(homePath)
    const box = await findBox(join(home.state, 'box.json'))
    const token = await readFile(join(homePath ?? home.config, 'api-token'), 'utf8').catch(() => undefined)
    if (box && token !== undefined) return new BoxClient(box.url, token.trim())
    throw new P2pShareError('ERR_NO_BOX', 'No box runs here: start it with p2pshare box start')
  }

  async transfers({ signal, ...query }: ListQuery & AbortOptions = {}): Promise<readonly TransferView[]> {
    const path = `/transfers${queryOf(query)}`
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
      const part = await this.#get<z.output<typeof filesAnswer>>(
        `${pathOf(reference)}/files${query}`,
        options,
      )
      files.push(...part.files)
      if (files.length >= part.total || part.files.length === 0) return files
    }
  }

  async peers(reference: string, options: AbortOptions = {}): Promise<z.output<typeof peersAnswer>['peers']> {
    return (await this.#get<z.output<typeof peersAnswer>>(`${pathOf(reference)}/peers`, options)).peers
  }

  channels(reference: string, options: AbortOptions = {}): Promise<z.output<typeof channelsAnswer>> {
    return this.#get(`${pathOf(reference)}/channels`, options)
  }

  pieces(reference: string, options: AbortOptions = {}): Promise<z.output<typeof piecesAnswer>> {
    return this.#get(`${pathOf(reference)}/pieces`, options)
  }

  async log(reference: string, options: AbortOptions = {}): Promise<z.output<typeof logAnswer>['entries']> {
    return (await this.#get<z.output<typeof logAnswer>>(`${pathOf(reference)}/log`, options)).entries
  }

  add({ torrent, ...rest }: AddOptions, options: AbortOptions = {}): Promise<TransferView> {
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
  steer(
    json: z.input<typeof steerBody>,
    { signal }: AbortOptions = {},
  ): Promise<z.output<typeof steerAnswer>> {
    const path = '/transfers/steer'
    return this.#requests.ask({ method: 'POST', path, json, signal, timeoutMs: undefined })
  }

  announce(reference: string, options: AbortOptions = {}): Promise<void> {
    return this.#post(`${pathOf(reference)}/announce`, options)
  }

  /** @param folder absolute, on the machine of the box */
  move(reference: string, folder: string, { signal }: AbortOptions = {}): Promise<TransferView> {
    const path = `${pathOf(reference)}/move`
    return this.#requests.ask({ method: 'POST', path, json: { folder }, signal, timeoutMs: undefined })
  }

  /** Answers the files that were left though they were to be deleted. */
  async remove(
    reference: string,
    { data = false, signal }: AbortOptions & { data?: boolean } = {},
  ): Promise<readonly string[]> {
    const path = `${pathOf(reference)}?data=${data}`
    return (await this.#requests.ask<{ left: string[] }>({ method: 'DELETE', path, signal })).left
  }

  /** Shares files of the machine that the box runs on; resolves once they are hashed. */
  share(json: ShareOptions, { signal }: AbortOptions = {}): Promise<TransferView> {
    return this.#requests.ask({ method: 'POST', path: '/shares', json, signal, timeoutMs: undefined })
  }

  /** What is shared from an absolute path in a watched folder of the box's machine. */
  async links(path: string, options: AbortOptions = {}): Promise<z.output<typeof linksAnswer>['links']> {
    return (await this.#get<z.output<typeof linksAnswer>>(`/links${queryOf({ path })}`, options)).links
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
    { signal, ...json }: Pick<ShareOptions, 'labels' | 'location'> & AbortOptions = {},
  ): Promise<TransferView> {
    const path = `/uploads/${encodeURIComponent(album)}/done`
    return this.#requests.ask({ method: 'POST', path, json, signal, timeoutMs: undefined })
  }

  status(options: AbortOptions = {}): Promise<BoxStatus> {
    return this.#get('/status', options)
  }

  limits(options: AbortOptions = {}): Promise<BoxLimits> {
    return this.#get('/limits', options)
  }

  /** Until the next start, or the next hours of the schedule. */
  setLimits(json: Partial<BoxLimits>, options: AbortOptions = {}): Promise<BoxLimits> {
    return this.#requests.ask({ method: 'PATCH', path: '/limits', json, ...options })
  }

  /** Searches the catalogs that the box follows. */
  search({
    signal,
    ...query
  }: z.input<typeof searchParameters> & AbortOptions = {}): Promise<z.output<typeof searchAnswer>> {
    return this.#get(`/search${queryOf(query as ListQuery)}`, { signal })
  }

  /** The catalogs and feeds that are followed. */
  async following(options: AbortOptions = {}): Promise<z.output<typeof followingAnswer>['sources']> {
    return (await this.#get<z.output<typeof followingAnswer>>('/following', options)).sources
  }

  /** @param prune whether to plan as if what could be dropped were gone */
  plan({ prune = false, signal }: AbortOptions & { prune?: boolean } = {}): Promise<BoxPlan> {
    return this.#get(`/plan${queryOf({ prune: `${prune}` })}`, { signal })
  }

  /** Drops these transfers, with their files, of what a plan said could go. Answers what went. */
  async prune(
    ids: readonly number[],
    { signal }: AbortOptions = {},
  ): Promise<z.output<typeof pruneAnswer>['dropped']> {
    const request = { method: 'POST', path: '/plan/prune', json: { ids }, signal } as const
    return (await this.#requests.ask<z.output<typeof pruneAnswer>>(request)).dropped
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
    return (await this.#requests.ask<z.output<typeof signInLinkAnswer>>(request)).url
  }

  /** Resolves once the box has begun to stop. */
  stop(options: AbortOptions = {}): Promise<void> {
    return this.#post('/stop', options)
  }

  #get<Answer>(path: string, options: AbortOptions): Promise<Answer> {
    return this.#requests.ask({ method: 'GET', path, ...options })
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
