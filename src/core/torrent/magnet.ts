import { P2pShareError } from '../errors.ts'
import { cleanName, visibleName } from '../safe-path.ts'
import { type Hex, type InfoHashes, parseInfoHash } from './info-hash.ts'
import { maxFileCount, maxTrackers, maxWebSeeds } from './limits.ts'
import { peerAddress, trackerProtocols, usableUrl, webProtocols } from './web-address.ts'

/** What a magnet link says, checked and bounded. Nothing in it has been contacted, nor may it be without a look. */
export interface Magnet extends InfoHashes {
  /** The display name, cleaned like the name of a file. */
  readonly name?: string
  readonly trackers: readonly string[]
  /** BEP 19 web seeds. */
  readonly webSeeds: readonly string[]
  /** Addresses of peers, `host:port` (BEP 9). */
  readonly peers: readonly string[]
  /** HTTP addresses of the torrent file itself. */
  readonly sources: readonly string[]
  /** Indexes of the files that are meant, counted from 0 over all files of the torrent (BEP 53); absent for all. */
  readonly select?: readonly number[]
}

/** What a magnet link can be written for: a {@link Metainfo}, a {@link Magnet}, or as much as is known. */
export interface Linkable extends InfoHashes {
  readonly name?: string
  readonly sizeBytes?: number
  readonly trackers?: readonly (string | readonly string[])[]
  readonly webSeeds?: readonly string[]
}

const maxLinkLength = 65_536
const maxPeers = 100
const maxSources = 10

/**
 * Reads a magnet link, or a bare info-hash. Trackers, web seeds, sources and peers that are no usable addresses are
 * passed over, and so are those beyond the bounds.
 *
 * @throws {P2pShareError} `ERR_INVALID_MAGNET`; `ERR_INVALID_IDENTIFIER` for what is neither a link nor an info-hash
 * @example
 * readMagnet('magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=zoo.avi').name // 'zoo.avi'
 */
export function readMagnet(uri: string): Magnet {
  const link = uri.trim()
  if (!/^magnet:/i.test(link))
    return Object.freeze({ ...parseInfoHash(link), trackers: [], webSeeds: [], peers: [], sources: [] })
  if (link.length > maxLinkLength) throw invalid(link, `it is longer than ${maxLinkLength} characters`)
  if (!/^magnet:\?/i.test(link)) throw invalid(link, 'it has no parameters')
  const parameters = readParameters(link)
  const valuesOf = (...keys: string[]) => keys.flatMap(key => parameters.get(key) ?? [])
  const urls = (keys: string[], protocols: ReadonlySet<string>, most: number) =>
    take(valuesOf(...keys), value => usableUrl(value, protocols), most)
  const [name] = valuesOf('dn').filter(value => value.trim() !== '')
  const [select] = valuesOf('so')
  return Object.freeze({
    ...readTopics(valuesOf('xt'), link),
    ...(name === undefined ? {} : { name: cleanName(name) }),
    trackers: urls(['tr'], trackerProtocols, maxTrackers),
    webSeeds: urls(['ws', 'as'], webProtocols, maxWebSeeds),
    peers: take(valuesOf('x.pe'), peerAddress, maxPeers),
    sources: urls(['xs'], webProtocols, maxSources),
    ...(select === undefined ? {} : { select: readSelection(select, link) }),
  })
}

/**
 * The magnet link of a torrent: its info-hashes, name, size, trackers and web seeds, as many as {@link readMagnet}
 * reads again.
 *
 * @param peers addresses to be tried first, `host:port`
 * @default peers none
 */
export function magnetLink(
  { infoHash, infoHashV2, name, sizeBytes, trackers = [], webSeeds = [] }: Linkable,
  { peers = [] }: { peers?: readonly string[] } = {},
): string {
  const parameters = [
    ...(infoHash ? [`xt=urn:btih:${infoHash}`] : []),
    ...(infoHashV2 ? [`xt=urn:btmh:1220${infoHashV2}`] : []),
    ...(name ? [`dn=${encodeURIComponent(name)}`] : []),
    ...(sizeBytes === undefined ? [] : [`xl=${sizeBytes}`]),
    ...peers.map(address => `x.pe=${address}`),
    ...trackers.flat().map(url => `tr=${encodeURIComponent(url)}`),
    ...webSeeds.map(url => `ws=${encodeURIComponent(url)}`),
  ]
  let link = 'magnet:?'
  for (const parameter of parameters)
    if (link.length + parameter.length < maxLinkLength)
      link += link.endsWith('?') ? parameter : `&${parameter}`
  return link
}

/** Parameters by lower-case key, `tr.1` with `tr`, their values decoded; one that cannot be decoded stays as it is. */
function readParameters(link: string): ReadonlyMap<string, readonly string[]> {
  const parameters = new Map<string, string[]>()
  for (const parameter of link.slice(link.indexOf('?') + 1).split('&')) {
    const equals = parameter.indexOf('=')
    const key = parameter
      .slice(0, Math.max(equals, 0))
      .toLowerCase()
      .replace(/\.\d+$/, '')
    const value = parameter.slice(equals + 1)
    const decoded = decode(key === 'dn' ? value.replaceAll('+', ' ') : value)
    const values = parameters.get(key)
    if (values) values.push(decoded)
    else parameters.set(key, [decoded])
  }
  return parameters
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function readTopics(topics: readonly string[], link: string): InfoHashes {
  let infoHash: Hex | undefined
  let infoHashV2: Hex | undefined
  for (const topic of topics) {
    const [, kind, digits = ''] = /^urn:(btih|btmh):(.*)$/is.exec(topic) ?? []
    if (!kind) continue
    const isV1 = kind.toLowerCase() === 'btih'
    if (!(isV1 ? /^(?:[0-9a-f]{40}|[a-z2-7]{32})$/i : /^1220[0-9a-f]{64}$/i).test(digits))
      throw invalid(link, `"${topic.slice(0, 100)}" holds no info-hash`)
    const read = parseInfoHash(digits)
    const isSame = (one: Hex | undefined, other: Hex | undefined) => !one || !other || one === other
    if (!isSame(infoHash, read.infoHash) || !isSame(infoHashV2, read.infoHashV2))
      throw invalid(link, 'it names two torrents')
    infoHash ??= read.infoHash
    infoHashV2 ??= read.infoHashV2
  }
  if (!infoHash && !infoHashV2) throw invalid(link, 'it has no info-hash (xt=urn:btih:…)')
  return { ...(infoHash ? { infoHash } : {}), ...(infoHashV2 ? { infoHashV2 } : {}) }
}

/** BEP 53: `0,2,6-8`. What cannot be read is refused, for else everything would be fetched. */
function readSelection(text: string, link: string): readonly number[] {
  const indexes = new Set<number>()
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (!(from <= to && to < maxFileCount)) throw invalid(link, `"${part.slice(0, 100)}" chooses no files`)
    for (let index = from; index <= to; index++) indexes.add(index)
  }
  return [...indexes].sort((one, other) => one - other)
}

function take(
  values: readonly string[],
  read: (value: string) => string | undefined,
  most: number,
): readonly string[] {
  const taken = new Set<string>()
  for (const value of values) {
    const usable = taken.size < most ? read(value) : undefined
    if (usable !== undefined) taken.add(usable)
  }
  return [...taken]
}

function invalid(link: string, why: string): P2pShareError {
  return new P2pShareError(
    'ERR_INVALID_MAGNET',
    `${visibleName(link.slice(0, 100))} is not a magnet link: ${why}`,
  )
}
