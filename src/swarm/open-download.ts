import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  type AbortOptions,
  fileSystemError,
  type Hex,
  type Magnet,
  type Metainfo,
  mainInfoHash,
  P2pShareError,
  selectFiles,
  type TorrentFile,
} from '../core/index.ts'
import type { Content } from './content/content.ts'
import { DownloadContent } from './content/download-content.ts'
import { type DownloadTarget, findTarget } from './download-target.ts'
import type { ResumeFolder } from './store/resume.ts'

/** How a torrent is fetched. */
export interface GetOptions extends AbortOptions {
  /** Folder to put it in, made where missing. @default the current folder */
  out?: string | undefined
  /**
   * Files to fetch: numbers from 1, ranges (`2-5`) and globs (`*.jpg`), or a choice by file. Those that an earlier run chose and
   * that are here whole are chosen too; nothing else is remembered of earlier choices. @default all
   */
  select?: readonly (number | string)[] | ((file: TorrentFile, index: number) => boolean) | undefined
  /** Peers to try at once, `host:port`. */
  peers?: readonly string[] | undefined
  /** Trackers to ask beside the torrent's own. */
  trackers?: readonly string[] | undefined
  /** `resume` goes on where an earlier run stopped; `never` writes to nothing that exists. @default 'resume' */
  overwrite?: 'resume' | 'never' | undefined
  /**
   * Where an earlier run wrote something and nothing is there now, as when its disk is not mounted yet: is `missing` until it is there
   * again, instead of fetching all of it anew. A check fetches it anew.
   * @default false
   */
  waitsForFiles?: boolean | undefined
  /** Contacts private and loopback addresses that the magnet link or torrent names. @default only of a torrent that is here, or came from such an address */
  allowPrivateAddresses?: boolean | undefined
  /**
   * Called once the metadata is known, before anything is looked for or written: to refuse the torrent, by throwing, or to
   * put files in place that are here already.
   */
  prepare?: ((metainfo: Metainfo) => Promise<void> | void) | undefined
  /** Called while what is on disk already is hashed. */
  onProgress?: ((progress: { checkedBytes: number; totalBytes: number }) => void) | undefined
}

export interface OpenDownloadInit {
  readonly options: GetOptions
  /** The magnet link it came by, which may choose files itself (BEP 53). */
  readonly magnet: Magnet | undefined
  readonly resume: ResumeFolder
  readonly lockFolder: string
  readonly onLost: (error: P2pShareError) => void
  readonly signal: AbortSignal
}

/**
 * Opens a download where it belongs: chooses the files and a path that may be written to, keeps the .torrent for the next
 * start, and hashes what is there already as far as need be.
 *
 * @param askedFor the info-hash that it goes by here
 * @throws {P2pShareError} `ERR_NO_SUCH_FILE`, `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`, `ERR_HOME_LOCKED`
 */
export async function openDownload(
  metainfo: Metainfo,
  askedFor: Hex,
  init: OpenDownloadInit,
): Promise<Content> {
  const { options, resume, lockFolder, onLost, signal } = init
  const { onProgress, overwrite = 'resume' } = options
  // Asked for by either hash, a hybrid torrent leads to the same files.
  const infoHash = mainInfoHash(metainfo)
  await options.prepare?.(metainfo)
  const wantedFiles = chooseFiles(metainfo, init.magnet, options.select)
  const out = resolve(options.out ?? '.')
  const target = await findTarget(metainfo, infoHash, { out, overwrite, resume, lockFolder, signal })
  try {
    const awaited = options.waitsForFiles && isGoneWhole(target, metainfo) ? target.record : undefined
    if (!target.isThere && !awaited) await makeFolder(out)
    const parts = { resume, lockFolder, wantedFiles, onLost, awaited }
    const opening = DownloadContent.open(metainfo, target, parts, { signal, onProgress })
    const isKept = target.record?.torrentBytes === metainfo.bytes.length
    if (isKept && askedFor === infoHash) return await opening
    // Meanwhile: either waits for the disk.
    const hashes = [...new Set([infoHash, askedFor])]
    const saving = Promise.all(hashes.map(hash => resume.saveTorrent(hash, metainfo.bytes)))
    await Promise.allSettled([opening, saving])
    const content = await opening
    await saving.catch(error => content.close().then(() => Promise.reject(error)))
    content.torrentBytes = metainfo.bytes.length
    return content
  } catch (error) {
    await target.lock.release()
    throw error
  }
}

function isGoneWhole({ isThere, record }: DownloadTarget, { pieceCount }: Metainfo): boolean {
  return !isThere && record?.have.length === pieceCount && record.have.count > 0
}

async function makeFolder(out: string): Promise<void> {
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw fileSystemError(error, out, 'write')
  })
}

function chooseFiles(metainfo: Metainfo, magnet: Magnet | undefined, select: GetOptions['select']): number[] {
  const real = metainfo.files.flatMap((file, index) => (file.isPad || file.isLink ? [] : [index]))
  if (!select && !magnet?.select && real.length > 0) return real
  let chosen = new Set(real)
  if (typeof select === 'function')
    chosen = new Set(real.filter(index => select(metainfo.files[index]!, index)))
  else if (select) chosen = selectFiles(metainfo.files, select)
  else if (magnet?.select) chosen = new Set(magnet.select)
  const wanted = real.filter(index => chosen.has(index))
  if (wanted.length > 0) return wanted
  throw new P2pShareError('ERR_NO_SUCH_FILE', `No file of ${metainfo.name} was chosen: list them first`)
}
