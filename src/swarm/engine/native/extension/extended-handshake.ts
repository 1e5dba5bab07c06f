import { BencodeDict, encodeBencode, visibleName } from '../../../../core/index.ts'
import { hostBytes, hostOfBytes } from '../../../peer-address/compact-address.ts'
import { bytesAt, numberAt, readDictionary } from './read-dictionary.ts'

/** A client calls itself by one line. */
const maxVersionBytes = 64
const maxRequestQueue = 65_535

/** What both sides of a connection tell each other first (BEP 10). Whatever is not said is left out. */
export interface ExtendedHandshake {
  /** The ids, 1 to 255, that the sender wants its messages to have. */
  readonly ids: {
    readonly utMetadata?: number
    readonly utPex?: number
    readonly ltDonthave?: number
  }
  /** Requests that the sender keeps waiting at most (`reqq`); 65,535 stands for more. */
  readonly requestQueue?: number
  /** What the client calls itself, safe to print, 64 characters of the peer's at most. */
  readonly version?: string
  /** TCP port that the sender listens on (`p`). */
  readonly listenPort?: number
  /** Size of the `info` dictionary in bytes (BEP 9), as claimed. */
  readonly metadataSize?: number
  /** BEP 21: wants nothing, whether or not it has all pieces. */
  readonly isUploadOnly?: boolean
  /** The address of the receiver as the sender sees it (`yourip`), without port. */
  readonly yourAddress?: string | undefined
}

type ExtensionIds = ExtendedHandshake['ids']

/** The ids by which we want peers to send. */
export const ownExtensionIds = { utMetadata: 1, utPex: 2, ltDonthave: 3 } as const

const names = {
  utMetadata: 'ut_metadata',
  utPex: 'ut_pex',
  ltDonthave: 'lt_donthave',
} as const satisfies Record<keyof ExtensionIds, string>

/** The payload of an extended handshake, to be sent with extension id 0. */
export function writeExtendedHandshake(handshake: ExtendedHandshake): Uint8Array {
  const { ids, requestQueue, version, listenPort, metadataSize, isUploadOnly, yourAddress } = handshake
  const m: Record<string, number | undefined> = {}
  for (const key of keysOf(names)) m[names[key]] = ids[key]
  return encodeBencode({
    m,
    metadata_size: metadataSize,
    p: listenPort || undefined,
    reqq: requestQueue,
    upload_only: isUploadOnly === undefined ? undefined : Number(isUploadOnly),
    v: version,
    yourip: yourAddress === undefined ? undefined : hostBytes(yourAddress),
  })
}

/**
 * Reads such a payload; `undefined` where it is no dictionary. What has a wrong type or makes no sense is left out.
 *
 * @param before what the peer said earlier: it holds as far as it is not said anew (BEP 10)
 */
export function readExtendedHandshake(
  payload: Uint8Array,
  before?: ExtendedHandshake,
): ExtendedHandshake | undefined {
  const dict = readDictionary(payload)?.dict
  if (!dict) return undefined
  const requestQueue = numberAt(dict, 'reqq', 1, Number.MAX_SAFE_INTEGER)
  const version = bytesAt(dict, 'v')
  const listenPort = numberAt(dict, 'p', 1, 65_535)
  const metadataSize = numberAt(dict, 'metadata_size', 1, Number.MAX_SAFE_INTEGER)
  const uploadOnly = numberAt(dict, 'upload_only', 0, Number.MAX_SAFE_INTEGER)
  const yourIp = bytesAt(dict, 'yourip')
  const yourAddress = yourIp && hostOfBytes(yourIp)
  return {
    ...before,
    ids: readIds(dict, before?.ids),
    ...(requestQueue === undefined ? {} : { requestQueue: Math.min(requestQueue, maxRequestQueue) }),
    ...(version?.length ? { version: readVersion(version) } : {}),
    ...(listenPort === undefined ? {} : { listenPort }),
    ...(metadataSize === undefined ? {} : { metadataSize }),
    ...(uploadOnly === undefined ? {} : { isUploadOnly: uploadOnly > 0 }),
    ...(yourAddress === undefined ? {} : { yourAddress }),
  }
}

function readIds(dict: BencodeDict, before: ExtensionIds = {}): ExtensionIds {
  const m = dict.get('m')
  const ids: { -readonly [key in keyof ExtensionIds]: ExtensionIds[key] } = { ...before }
  if (!(m instanceof BencodeDict)) return ids
  for (const key of keysOf(names)) {
    const id = numberAt(m, names[key], 0, 255)
    if (id === undefined) continue
    // 0 takes an extension back.
    if (id === 0) delete ids[key]
    else ids[key] = id
  }
  return ids
}

function readVersion(bytes: Uint8Array): string {
  const cut = new TextDecoder().decode(bytes.subarray(0, maxVersionBytes), {
    stream: bytes.length > maxVersionBytes,
  })
  return visibleName(cut)
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[]
}
