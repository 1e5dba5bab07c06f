// The library as its documentation uses it. It is compiled only: here from the sources, and by test/package.test.ts
// against what npm installs.
import {
  type CreatedTorrent,
  createTorrent,
  type ErrorCode,
  type Metainfo,
  P2pShareError,
  readMagnet,
  readTorrent,
  Swarm,
  type Transfer,
  type TransferStats,
} from '../src/index.ts'

type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const isExactly = <A, B>(_: Exactly<A, B>): void => {}

export async function share(home: string, signal: AbortSignal): Promise<void> {
  await using swarm = await Swarm.start({ home, port: 0, dht: { bootstrap: [] }, lsd: false, signal })
  const onProgress = ({ hashedBytes, totalBytes }: { hashedBytes: number; totalBytes: number }) =>
    console.log(hashedBytes / totalBytes)
  const clip = await swarm.seed(['clip.avi'], { location: 'strip', format: 'hybrid', signal, onProgress })
  isExactly<typeof clip, Transfer>(true)
  isExactly<typeof clip.magnetLink, string>(true)
  isExactly<typeof clip.metainfo, Metainfo | undefined>(true)

  const copy = await swarm.get(clip.magnetLink, {
    out: 'films',
    select: [1, '2-5', '*.jpg'],
    peers: ['127.0.0.1:6881'],
    overwrite: 'never',
    signal,
  })
  const metainfo = await copy.metadata({ signal })
  isExactly<typeof metainfo, Metainfo>(true)
  await copy.finished({ signal })
  copy.on('progress', stats => isExactly<typeof stats, TransferStats>(true))
  await swarm.get(metainfo, { select: (file, index) => file.sizeBytes > 0 && index < 10 })
  swarm.setLimits({ uploadBytesPerSecond: 500_000 })
  const transfers: readonly Transfer[] = swarm.transfers()
  await Promise.all(transfers.map(transfer => transfer.stop()))
}

export async function create(): Promise<CreatedTorrent> {
  const created = await createTorrent([{ name: 'note.txt', content: new Blob(['hello']) }], { name: 'notes' })
  const { files, infoHash } = await readTorrent(created.bytes)
  isExactly<typeof infoHash, string | undefined>(true)
  console.log(files.map(file => file.path))
  return created
}

export function codeOf(uri: string): ErrorCode | undefined {
  try {
    readMagnet(uri)
  } catch (error) {
    if (error instanceof P2pShareError) return error.code
  }
  return undefined
}

// @ts-expect-error a location is kept or stripped
export const wrongLocation: Parameters<Swarm['seed']>[1] = { location: 'remove' }
// @ts-expect-error codes are a closed union
export const wrongCode: ErrorCode = 'ERR_WHATEVER'
// @ts-expect-error a swarm is started, not constructed
export const wrongStart = () => new Swarm()
