import { type Metainfo, type Span, spansOf } from '../../../../core/index.ts'
import type { HttpTrust } from '../../../http-open.ts'
import { httpRange } from '../../../http-range.ts'
import { fileUrl } from './file-url.ts'

/** Requests of one fetch at once, where it spans many files. */
const maxLanes = 4

export interface WebSeedInit {
  readonly url: string
  readonly metainfo: Metainfo
  readonly trust: HttpTrust
}

/** An HTTP server that has the files of a torrent (BEP 19). Nothing that it sends is trusted but for its length. */
export class WebSeed {
  readonly url: string
  readonly #metainfo: Metainfo
  readonly #trust: HttpTrust

  constructor({ url, metainfo, trust }: WebSeedInit) {
    this.url = url
    this.#metainfo = metainfo
    this.#trust = trust
  }

  /**
   * Fills `into` with the content of the torrent from `offset` on, any number of files long; pads are zeros and not asked for.
   * Where it fails, part of the buffer may have been filled, but nothing is written to it any more.
   *
   * @throws {P2pShareError} `ERR_FETCH_FAILED`, whose `cause` is an `HttpAnswerError` where the server did answer;
   *   `ERR_ADDRESS_NOT_ALLOWED`; aborting throws the signal's reason
   */
  async fetch(offset: number, into: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const failed = new AbortController()
    const either = AbortSignal.any([signal, failed.signal])
    const spans = spansOf(this.#metainfo.files, offset, into.length)
    const lane = async () => {
      for (const span of spans) await this.#fetchSpan(span, into, either)
    }
    const first: { error?: unknown } = {}
    const lanes = Array.from({ length: maxLanes }, () =>
      lane().catch(error => {
        if (!failed.signal.aborted) first.error = error
        failed.abort()
      }),
    )
    await Promise.all(lanes)
    if (failed.signal.aborted) throw first.error
  }

  async #fetchSpan(span: Span, into: Uint8Array, signal: AbortSignal): Promise<void> {
    const { isPad, sizeBytes } = this.#metainfo.files[span.index]!
    const part = into.subarray(span.at, span.at + span.length)
    if (isPad) return void part.fill(0)
    await httpRange(fileUrl(this.url, this.#metainfo, span.index), {
      trust: this.#trust,
      from: span.start,
      sizeBytes,
      into: part,
      signal,
    })
  }
}
