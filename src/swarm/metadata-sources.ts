import { type Hex, type Metainfo, parseMetainfo } from '../core/index.ts'
import { fetchTorrent } from './fetch-torrent.ts'
import type { ResumeFolder } from './store/resume.ts'

/** The torrent of an info-hash as an earlier run kept it; `undefined` where there is none or it is damaged. */
export async function rememberedTorrent(resume: ResumeFolder, infoHash: Hex): Promise<Metainfo | undefined> {
  const bytes = await resume.loadTorrent(infoHash)
  return bytes && parseIf(bytes, infoHash)
}

/**
 * Asks the exact sources of a magnet link (`xs`) for the .torrent, one after another. A source that does not work is no
 * fault, as long as peers may have the metadata.
 */
export async function fetchFromSources(
  sources: readonly string[],
  infoHash: Hex,
  options: { trust: 'public' | 'all'; signal: AbortSignal },
): Promise<Metainfo | undefined> {
  for (const source of sources) {
    if (options.signal.aborted) return undefined
    const bytes = await fetchTorrent(source, options).catch(() => undefined)
    const metainfo = bytes && parseIf(bytes, infoHash)
    if (metainfo) return metainfo
  }
  return undefined
}

function parseIf(bytes: Uint8Array, infoHash: Hex): Metainfo | undefined {
  try {
    const metainfo = parseMetainfo(bytes)
    return metainfo.infoHash === infoHash || metainfo.infoHashV2 === infoHash ? metainfo : undefined
  } catch {
    return undefined
  }
}
