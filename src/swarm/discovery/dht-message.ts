import {
  BencodeDict,
  BencodeList,
  type BencodeValue,
  decodeBencode,
  encodeBencode,
  type Hex,
} from '../../core/index.ts'
import { maxSaltBytes, maxValueBytes } from './dht-item.ts'

/** A value of 1000 bytes, its proof and a hundred nodes fit in. */
const maxDatagramBytes = 4_096
const decoding = { maxDepth: 32, maxItems: 2_048 }
const idBytes = 20
const nodeBytes = 26
const maxNodes = 100
const peerBytes = 6
const maxPeers = 400
const maxTokenBytes = 128
const maxTransactionBytes = 32
const maxReasonBytes = 200

/** One message of the DHT (BEP 5), read from a datagram. */
export interface DhtMessage {
  readonly kind: 'query' | 'reply' | 'error'
  readonly transaction: Uint8Array
  /** The message written anew: only fields that were checked, in order, a signed value as a string of its bytes. */
  readonly bytes: Uint8Array
  /** Of a query of ours, what it asks for nodes near to; hexadecimal. */
  readonly target?: Hex | undefined
}

type Fields = Readonly<Record<string, number | Uint8Array | readonly Uint8Array[] | undefined>>

/** What each query has to say beside the id of the one who asks: BEP 5 and BEP 44. */
const queries: ReadonlyMap<string, (asked: BencodeDict) => Fields> = new Map<
  string,
  (asked: BencodeDict) => Fields
>([
  ['ping', () => ({})],
  ['find_node', asked => ({ target: bytesOf(asked, 'target', idBytes) })],
  ['get_peers', asked => ({ info_hash: bytesOf(asked, 'info_hash', idBytes) })],
  [
    'announce_peer',
    asked => ({
      info_hash: bytesOf(asked, 'info_hash', idBytes),
      port: optional(asked, 'port', integerOf, 65_535),
      implied_port: optional(asked, 'implied_port', integerOf, 1),
      token: bytesOf(asked, 'token', 1, maxTokenBytes),
    }),
  ],
  ['get', asked => ({ target: bytesOf(asked, 'target', idBytes) })],
  ['put', asked => ({ token: bytesOf(asked, 'token', 1, maxTokenBytes), ...putFields(asked) })],
])

/**
 * Reads what anybody sent; `undefined` for what breaks BEP 5 or BEP 44 in a field that matters. Other fields are left
 * out. A signed value goes on as a byte string that holds its bencoded bytes, so that whoever decodes and encodes it
 * again cannot change it; {@link openValue} undoes that.
 *
 * @param mayContact whether a node that is named in a reply may be contacted, by its IPv4 address
 */
export function readDhtMessage(
  datagram: Uint8Array,
  mayContact: (address: string) => boolean,
): DhtMessage | undefined {
  if (datagram.length > maxDatagramBytes) return undefined
  try {
    const message = decodeBencode(datagram, decoding)
    if (!(message instanceof BencodeDict)) return undefined
    const kind = textOf(message, 'y', 1)
    const transaction = bytesOf(message, 't', 1, maxTransactionBytes)
    const head = { t: transaction, y: kind }
    if (kind === 'q') {
      const [q, a] = [textOf(message, 'q', 32), readQuery(message)]
      return { kind: 'query', transaction, bytes: encodeBencode({ ...head, q, a }) }
    }
    if (kind === 'r') {
      const r = replyFields(dictOf(message, 'r'), mayContact)
      return { kind: 'reply', transaction, bytes: encodeBencode({ ...head, r }) }
    }
    if (kind === 'e')
      return { kind: 'error', transaction, bytes: encodeBencode({ ...head, e: readError(message) }) }
  } catch {
    // Whatever does not decode, or lacks what it has to have, is no message.
  }
  return undefined
}

/** Reads a message that we are about to send, its signed value put back from a string to what it is. */
export function openValue(own: Uint8Array): DhtMessage {
  const message = decodeBencode(own) as BencodeDict
  const name = textOf(message, 'y', 1)
  const transaction = bytesOf(message, 't', 1, maxTransactionBytes)
  if (name === 'e') return { kind: 'error', transaction, bytes: own }
  const [kind, key] = name === 'q' ? (['query', 'a'] as const) : (['reply', 'r'] as const)
  const body = dictOf(message, key)
  const [near, value] = [body.get('target') ?? body.get('info_hash'), body.get('v')]
  const target = near instanceof Uint8Array ? Buffer.from(near).toString('hex') : undefined
  if (!body.get('sig') || !(value instanceof Uint8Array)) return { kind, transaction, bytes: own, target }
  const opened = { ...Object.fromEntries(textEntries(body)), v: decodeBencode(value) }
  const bytes = encodeBencode({ ...Object.fromEntries(textEntries(message)), [key]: opened })
  return { kind, transaction, bytes, target }
}

function readQuery(message: BencodeDict): Fields {
  const asked = dictOf(message, 'a')
  const read = queries.get(textOf(message, 'q', 32))
  if (!read) throw new RangeError('No such query')
  return { id: bytesOf(asked, 'id', idBytes), ...read(asked) }
}

function replyFields(reply: BencodeDict, mayContact: (address: string) => boolean): Fields {
  return {
    id: bytesOf(reply, 'id', idBytes),
    token: optional(reply, 'token', bytesOf, 1, maxTokenBytes),
    nodes: readNodes(optional(reply, 'nodes', bytesOf, 0, maxNodes * nodeBytes), mayContact),
    values: readPeers(reply.get('values')),
    ...(reply.get('v') === undefined || reply.get('k') === undefined ? {} : mutableFields(reply)),
  }
}

function putFields(asked: BencodeDict): Fields {
  const isMutable = asked.get('k') !== undefined || asked.get('sig') !== undefined
  // An immutable item is kept under the hash of its encoding, which is the same again for a string alone.
  if (!isMutable) return { v: bytesOf(asked, 'v', 0, maxValueBytes - '1000:'.length) }
  const salt = optional(asked, 'salt', bytesOf, 0, maxSaltBytes)
  return {
    ...mutableFields(asked),
    cas: optional(asked, 'cas', integerOf),
    salt: salt && salt.length > 0 ? salt : undefined,
  }
}

function mutableFields(body: BencodeDict): Fields {
  const v = body.rawOf('v')
  if (!v || v.length > maxValueBytes) throw new RangeError('No value, or too long a one')
  return { v, k: bytesOf(body, 'k', 32), sig: bytesOf(body, 'sig', 64), seq: integerOf(body, 'seq') }
}

/** The nodes of a reply that can and may be contacted, 26 bytes each: id, IPv4 address, port. */
function readNodes(
  compact: Uint8Array | undefined,
  mayContact: (address: string) => boolean,
): Uint8Array | undefined {
  if (!compact) return undefined
  if (compact.length % nodeBytes !== 0) throw new RangeError('Half a node')
  const usable: Uint8Array[] = []
  for (let at = 0; at < compact.length; at += nodeBytes) {
    const node = compact.subarray(at, at + nodeBytes)
    const hasPort = node[nodeBytes - 2] !== 0 || node[nodeBytes - 1] !== 0
    if (hasPort && mayContact(node.subarray(idBytes, idBytes + 4).join('.'))) usable.push(node)
  }
  return Buffer.concat(usable)
}

/** The IPv4 peers of a reply, 6 bytes each. */
function readPeers(values: BencodeValue | undefined): readonly Uint8Array[] | undefined {
  if (values === undefined) return undefined
  if (!(values instanceof BencodeList)) throw new RangeError('No list of peers')
  const peers = [...values]
  if (peers.length > maxPeers || !peers.every(peer => peer instanceof Uint8Array))
    throw new RangeError('No peers, or too many')
  return peers.filter(peer => peer.length === peerBytes)
}

function readError(message: BencodeDict): [code: number, reason: Uint8Array] {
  const error = message.get('e')
  const [code, reason] = error instanceof BencodeList ? [...error] : []
  if (typeof code !== 'number') throw new RangeError('No code')
  return [code, reason instanceof Uint8Array ? reason.subarray(0, maxReasonBytes) : new Uint8Array()]
}

function optional<Value, Limits extends unknown[]>(
  dict: BencodeDict,
  key: string,
  read: (dict: BencodeDict, key: string, ...limits: Limits) => Value,
  ...limits: Limits
): Value | undefined {
  return dict.get(key) === undefined ? undefined : read(dict, key, ...limits)
}

function bytesOf(dict: BencodeDict, key: string, shortest: number, longest = shortest): Uint8Array {
  const value = dict.get(key)
  if (!(value instanceof Uint8Array) || value.length < shortest || value.length > longest)
    throw new RangeError(`No ${key}`)
  return value
}

function textOf(dict: BencodeDict, key: string, longest: number): string {
  return Buffer.from(bytesOf(dict, key, 1, longest)).toString('latin1')
}

function integerOf(dict: BencodeDict, key: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = dict.get(key)
  if (typeof value !== 'number' || value < 0 || value > most) throw new RangeError(`No ${key}`)
  return value
}

function dictOf(dict: BencodeDict, key: string): BencodeDict {
  const value = dict.get(key)
  if (!(value instanceof BencodeDict)) throw new RangeError(`No ${key}`)
  return value
}

function* textEntries(dict: BencodeDict): Generator<[string, BencodeValue]> {
  for (const [key, value] of dict.entries()) yield [Buffer.from(key).toString('latin1'), value]
}
