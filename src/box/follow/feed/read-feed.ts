import { createHash } from 'node:crypto'
import {
  type Hex,
  mainInfoHash,
  maxTorrentBytes,
  P2pShareError,
  readMagnet,
  visibleName,
} from '../../../core/index.ts'
import { readXml, type XmlElement } from './read-xml.ts'

/** One thing that a feed offers. Sizes are bytes, times milliseconds since 1970. */
interface FeedItem {
  /** What the feed knows it by. */
  readonly guid: string
  readonly title: string
  /** Magnet link; empty where there is only a .torrent. */
  readonly magnet: string
  /** Where its .torrent is; empty where there is a magnet link. */
  readonly torrentUrl: string
  readonly infoHash: Hex | undefined
  /** As the feed claims. */
  readonly sizeBytes: number | undefined
  readonly seeds: number | undefined
  readonly listedAt: number | undefined
}

export interface Feed {
  readonly title: string
  readonly items: readonly FeedItem[]
  /** What was left out, a sentence each; the first some of them. */
  readonly problems: readonly string[]
}

const maxItems = 1_000
const maxProblems = 20
const maxTitleLength = 300
const maxGuidLength = 200
/** Ten thousand of them are remembered of a feed, and looked at together. */
const maxMagnetLength = 8_192
const torrentType = 'application/x-bittorrent'

/**
 * Reads RSS 2.0 and 1.0 and Atom: items with magnet links, torrents as enclosures, and what Torznab and BEP 36 tell of them.
 *
 * @param url where it is from, for addresses that are relative
 * @throws {P2pShareError} `ERR_INVALID_FEED`; one bad item is only left out
 */
export function readFeed(text: string, url: string): Feed {
  const root = readXml(text)
  const channel = child(root, 'channel') ?? root
  const entries = [root, channel].flatMap(({ children }) =>
    children.filter(({ name }) => ['item', 'entry'].includes(localName(name))),
  )
  if (!['rss', 'rdf', 'feed'].includes(localName(root.name)))
    throw new P2pShareError('ERR_INVALID_FEED', `This is no feed, but <${visibleName(root.name)}>`)
  const items = new Map<string, FeedItem>()
  const problems: string[] = []
  const tell = (problem: string) => {
    if (problems.length < maxProblems) problems.push(problem)
  }
  for (const entry of entries.slice(0, maxItems)) {
    const title = oneLine(child(entry, 'title')?.text || 'without a title')
    try {
      const item = readItem(entry, title, url)
      if (!items.has(item.guid)) items.set(item.guid, item)
    } catch (error) {
      tell(`"${title}" is left out: ${(error as Error).message}`)
    }
  }
  if (entries.length > maxItems) tell(`${entries.length - maxItems} items are left out: it has too many`)
  return { title: oneLine(child(channel, 'title')?.text ?? ''), items: [...items.values()], problems }
}

function readItem(entry: XmlElement, title: string, url: string): FeedItem {
  const facts = factsOf(entry)
  const links = linksOf(entry)
  const magnet = [...links.map(({ href }) => href), facts.get('magneturi'), facts.get('magneturl')].find(
    href => href !== undefined && /^\s*magnet:/i.test(href),
  )
  const enclosure = links.find(({ type }) => type === torrentType) ?? links.find(isTorrentFile)
  const bare = facts.get('infohash')
  const link = magnet ?? (enclosure || !bare ? undefined : `magnet:?xt=urn:btih:${bare}`)
  if (link === undefined && !enclosure)
    throw new P2pShareError('ERR_INVALID_FEED', 'it has neither a magnet link nor a torrent')
  if ((link?.length ?? 0) > maxMagnetLength)
    throw new P2pShareError(
      'ERR_INVALID_FEED',
      `its magnet link is longer than ${maxMagnetLength} characters`,
    )
  const torrentUrl = link === undefined ? webAddress(enclosure!.href, url) : ''
  const guid = child(entry, 'guid')?.text || child(entry, 'id')?.text || (link ?? torrentUrl)
  return {
    guid: guid.length > maxGuidLength ? createHash('sha256').update(guid).digest('hex') : guid,
    title,
    magnet: link?.trim() ?? '',
    torrentUrl,
    infoHash: link === undefined ? undefined : mainInfoHash(readMagnet(link)),
    sizeBytes: countOf(facts.get('contentlength')) ?? countOf(facts.get('size')) ?? contentLength(links),
    seeds: countOf(facts.get('seeders')) ?? countOf(facts.get('seeds')),
    listedAt: timeOf(entry),
  }
}

/** `torznab:attr`, and the elements of BEP 36 and others, by name; those within an element of BEP 36 too. */
function factsOf(entry: XmlElement): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  const inner = entry.children.flatMap(({ name, children }) =>
    localName(name) === 'torrent' ? children : [],
  )
  for (const { name, attributes, text } of [...entry.children, ...inner]) {
    const isAttribute = localName(name) === 'attr'
    const key = isAttribute ? attributes.get('name')?.toLowerCase() : localName(name)
    const value = isAttribute ? attributes.get('value') : text
    if (key && value && !facts.has(key)) facts.set(key, value)
  }
  return facts
}

interface Link {
  readonly href: string
  readonly type: string
  readonly length: string | undefined
}

/** Every address that an item names, its enclosures first. */
function linksOf(entry: XmlElement): Link[] {
  const links = entry.children.flatMap(({ name, attributes, text }): Link[] => {
    const type = attributes.get('type') ?? ''
    const length = attributes.get('length')
    if (['enclosure', 'content'].includes(localName(name)))
      return [{ href: attributes.get('url') ?? attributes.get('href') ?? '', type, length }]
    if (localName(name) === 'link') return [{ href: attributes.get('href') ?? text, type, length }]
    return localName(name) === 'guid' ? [{ href: text, type, length: undefined }] : []
  })
  return links
    .filter(({ href }) => href !== '')
    .sort((one, other) => Number(isPlain(one)) - Number(isPlain(other)))
}

function isPlain({ type }: Link): boolean {
  return type !== torrentType
}

function isTorrentFile({ href }: Link): boolean {
  return /\.torrent(?:[?#]|$)/i.test(href)
}

/** Some write the length of the content, some that of the .torrent, which is never so long. */
function contentLength(links: readonly Link[]): number | undefined {
  const lengths = links.map(({ length }) => countOf(length)).filter(length => length !== undefined)
  return lengths.find(length => length > maxTorrentBytes)
}

function timeOf(entry: XmlElement): number | undefined {
  for (const name of ['pubdate', 'published', 'date', 'updated']) {
    const time = Date.parse(child(entry, name)?.text ?? '')
    if (!Number.isNaN(time)) return time
  }
  return undefined
}

function webAddress(href: string, base: string): string {
  const address = URL.parse(href.trim(), base)
  if (address && /^https?:$/.test(address.protocol) && address.href.length <= 2_048) return address.href
  throw new P2pShareError('ERR_INVALID_FEED', 'its torrent is at no address of the web')
}

function countOf(text: string | undefined): number | undefined {
  const count = /^\d{1,16}$/.test(text ?? '') ? Number(text) : undefined
  return count !== undefined && count <= Number.MAX_SAFE_INTEGER ? count : undefined
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find(one => localName(one.name) === name)
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function oneLine(text: string): string {
  return visibleName(text.replace(/\s+/g, ' ').slice(0, maxTitleLength).toWellFormed())
}
