import { P2pShareError } from '../errors.ts'
import { type ByteRange, type Edit, invalidMedia } from './byte-range.ts'

/** What holds a position: a block of metadata, or a track that records one as the film goes on. */
export type LocationHolder =
  | 'EXIF'
  | 'XMP'
  | 'IPTC'
  | 'maker note'
  | 'PNG text'
  | 'QuickTime'
  | 'Matroska tag'
  | 'metadata track'
  | 'camera data'

export interface Finding {
  readonly holder: LocationHolder
  /** Whether it tells a place for sure, rather than being of a sort that often does. */
  readonly isCertain: boolean
  readonly edits: readonly Edit[]
}

/** How a container or a block of metadata is gone through, named by its format. */
export type Surveyor = (range: ByteRange, survey: Survey) => Promise<void>

export type SurveyFormat = 'jpeg' | 'tiff' | 'xmp' | 'iptc' | 'photoshop' | 'bmff' | 'unknown'

const maxSteps = 1_000_000
const maxDepth = 12

/**
 * What a walk through a file found: where it tells a place and what would remove that, which blocks of metadata it
 * has, and what could not be understood. Bounded in steps and depth, whatever the file says.
 */
export class Survey {
  readonly findings: Finding[] = []
  /** Edits that follow from others: checksums and digests. */
  readonly adjustments: Edit[] = []
  /** Why it cannot be said that nothing else tells the place. */
  readonly doubts: string[] = []
  /** Parts that are not what they should be. */
  readonly broken: string[] = []
  /** EXIF blocks, TIFF header first. */
  readonly exif: ByteRange[] = []
  readonly xmp: ByteRange[] = []
  /** Pixels as stored, of the main picture. */
  dimensions: { width: number; height: number } | undefined
  /** When a film says that it was made, ISO 8601. */
  madeAt: string | undefined
  /** Only metadata before the picture data is wanted, not proof that there is no more. */
  readonly isQuick: boolean
  readonly #surveyors: Readonly<Record<SurveyFormat, Surveyor>>
  #scratch: Buffer | undefined
  #steps = 0
  #depth = 0

  constructor(surveyors: Readonly<Record<SurveyFormat, Surveyor>>, isQuick = false) {
    this.#surveyors = surveyors
    this.isQuick = isQuick
  }

  /** A block to read through long data with, for one reader at a time. */
  get scratch(): Buffer {
    this.#scratch ??= Buffer.allocUnsafeSlow(128 * 1024)
    return this.#scratch
  }

  get edits(): Edit[] {
    return [...this.findings.flatMap(finding => finding.edits), ...this.adjustments]
  }

  found(holder: LocationHolder, edits: readonly Edit[], isCertain = true): void {
    this.findings.push({ holder, edits, isCertain })
  }

  /** A place is told, and there is no way to take it out. */
  foundForGood(holder: LocationHolder, why: string): void {
    this.found(holder, [])
    this.doubt(why)
  }

  doubt(why: string): void {
    if (this.doubts.length < 20) this.doubts.push(why)
  }

  /** Counts one structure; a file with more of them than any real one has is given up. */
  step(): void {
    if (++this.#steps > maxSteps) throw invalidMedia('it has more parts than any real file')
  }

  /** Goes through a part of the file; where that is malformed, it becomes a doubt. */
  async look(format: SurveyFormat, range: ByteRange, what: string): Promise<void> {
    if (++this.#depth > maxDepth) this.doubt(`${what} is nested too deep`)
    else await this.attempt(what, () => this.#surveyors[format](range, this))
    this.#depth--
  }

  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof P2pShareError && error.code === 'ERR_INVALID_MEDIA')) throw error
      this.broken.push(what)
      this.doubt(`${what} is broken`)
    }
  }

  /** A survey of bytes that are not the file's own, such as what a compressed block unfolds to. */
  async aside(format: SurveyFormat, range: ByteRange, what: string): Promise<Survey> {
    const inner = new Survey(this.#surveyors, this.isQuick)
    inner.#depth = this.#depth + 1
    await inner.look(format, range, what)
    return inner
  }
}
