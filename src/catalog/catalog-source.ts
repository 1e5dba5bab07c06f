import { type AbortOptions, type Metainfo, P2pShareError, parseMetainfo } from '../core/index.ts'
import {
  fetchTorrent,
  type HttpTrust,
  httpGet,
  type PointerName,
  readPointer,
  readPointerLink,
  type SignedPointer,
  type Swarm,
} from '../swarm/index.ts'

/** Where the newest snapshot of a catalog is. */
export interface CatalogSource {
  readonly pointer: SignedPointer
  /** The snapshot's torrent, where the source hands it out. */
  readonly metainfo: Metainfo | undefined
  /** What the site calls itself. */
  readonly name: string | undefined
  /** Where the site itself shares it, `host:port`. */
  readonly peers: readonly string[]
}

const timeoutMs = 30_000
const maxBytes = 64 * 1024

/** Asks the DHT for a catalog's newest pointer; `undefined` where nobody there has one that is not older than `seqFloor`. */
export async function askDht(
  swarm: Swarm,
  name: PointerName,
  seqFloor: number,
  { signal }: AbortOptions,
): Promise<CatalogSource | undefined> {
  const pointer = await swarm.resolvePointer(name, { seqFloor, signal })
  return pointer && { pointer, metainfo: undefined, name: undefined, peers: [] }
}

/**
 * Asks a catalog's web site. The answer is signed like what the DHT holds, so that the site cannot make one up; its name is
 * taken out of the site's own address.
 *
 * @param url of the site, or of its `/catalog.json`
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`, `ERR_INVALID_CATALOG`, `ERR_INVALID_POINTER`,
 *   `ERR_BAD_SIGNATURE`
 */
export async function askSite(url: string, { signal }: AbortOptions): Promise<CatalogSource> {
  const address = catalogAddress(url)
  // A person typed the address, so that it may be in their own network; what it redirects to may not.
  const trust: HttpTrust = 'host'
  const headers = { accept: 'application/json' }
  const { bytes } = await httpGet(address, { trust, headers, maxBytes, timeoutMs, signal })
  const { pointer, torrent, name, port } = readAnswer(bytes, address)
  const metainfo =
    torrent === undefined ? undefined : await torrentAt(new URL(torrent, address), address, trust, signal)
  if (metainfo && metainfo.infoHash !== pointer.infoHash)
    throw new P2pShareError(
      'ERR_INVALID_CATALOG',
      `${address} hands out another torrent than its pointer names`,
    )
  return {
    pointer,
    metainfo,
    name,
    peers: port === undefined ? [] : [`${new URL(address).hostname}:${port}`],
  }
}

/** The address of a site's catalog, given that of any of its pages. */
export function catalogAddress(url: string): string {
  const address = new URL(url)
  if (!address.pathname.endsWith('.json')) address.pathname = '/catalog.json'
  address.search = ''
  address.hash = ''
  return address.href
}

/** The site may call itself by another name than the one it was reached by; what was reached is what is asked. */
async function torrentAt(
  torrent: URL,
  address: string,
  trust: HttpTrust,
  signal: AbortSignal | undefined,
): Promise<Metainfo> {
  const { href } = new URL(torrent.pathname, address)
  return parseMetainfo(await fetchTorrent(href, { trust, signal }))
}

interface Answer {
  readonly pointer: SignedPointer
  readonly torrent: string | undefined
  readonly name: string | undefined
  readonly port: number | undefined
}

function readAnswer(bytes: Uint8Array, address: string): Answer {
  try {
    const { link, name, pointer, torrent, port } = JSON.parse(Buffer.from(bytes).toString('utf8'))
    const { publicKey, salt } = readPointerLink(String(link))
    const signed = readPointer({
      publicKey,
      salt,
      seq: pointer.seq,
      value: Buffer.from(String(pointer.value), 'base64'),
      signature: Buffer.from(String(pointer.signature), 'hex'),
    })
    return {
      pointer: signed,
      torrent: typeof torrent === 'string' ? torrent : undefined,
      name: typeof name === 'string' ? name : undefined,
      port: Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined,
    }
  } catch (error) {
    if (error instanceof P2pShareError) throw error
    throw new P2pShareError('ERR_INVALID_CATALOG', `There is no catalog at ${address}`, { cause: error })
  }
}
