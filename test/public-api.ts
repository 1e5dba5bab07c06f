// The library as its documentation uses it. It is compiled only: here from the sources, and by test/package.test.ts
// against what npm installs.
import {
  type AddedTransfer,
  Box,
  BoxClient,
  type BoxEvent,
  type BoxStatus,
  Catalog,
  type CatalogInfo,
  type CatalogServer,
  type CreatedTorrent,
  createCatalogServer,
  createTorrent,
  type ErrorCode,
  type ListingDraft,
  type Metainfo,
  P2pShareError,
  Playback,
  readMagnet,
  readTorrent,
  type SearchPage,
  type SearchQuery,
  type StoredListing,
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
  for await (const bytes of copy.stream(0, { start: 1_000, end: 2_000, signal }))
    isExactly<typeof bytes, Uint8Array>(true)
  await using playback = await Playback.start({ transfer: copy })
  console.log(playback.urlOf(0))
  const transfers: readonly Transfer[] = swarm.transfers()
  await Promise.all(transfers.map(transfer => transfer.stop()))
}

export async function steer(home: string, signal: AbortSignal): Promise<void> {
  await using box = await Box.start({ home, watch: ['/home/ada/Pictures/shared'], signal })
  isExactly<typeof box.swarm, Swarm>(true)
  const client = new BoxClient(box.url, box.token.value)
  const added = await client.add({ id: 'magnet:?xt=urn:btih:…', labels: ['zoo'] }, { signal })
  isExactly<typeof added, AddedTransfer>(true)
  await client.change(`${added.id}`, { uploadLimit: 500_000, ratioGoal: null, queue: 'top' })
  for (const { name, magnet } of await client.transfers({ state: ['seeding', 'paused'], sort: 'name' }))
    console.log(name, magnet)
  for await (const event of client.events({ signal })) {
    isExactly<typeof event, BoxEvent>(true)
    if (event.event === 'stats') isExactly<typeof event.data, BoxStatus>(true)
  }
  await (await BoxClient.find(home)).stop()
  await box.stopped
}

export async function follow(home: string, signal: AbortSignal): Promise<void> {
  await using swarm = await Swarm.start({ home, port: 0, dht: { bootstrap: [] }, lsd: false, signal })
  await using catalog = await Catalog.open({ home, swarm, signal })
  const { catalog: followed, result } = await catalog.follow('https://catalog.example.org', {
    signal,
    onProgress: progress => progress.phase === 'fetching' && console.log(progress.haveBytes),
  })
  isExactly<typeof followed, CatalogInfo>(true)
  console.log(followed.link, result.added)
  const { listings, total }: SearchPage = await catalog.search({
    text: 'zoo',
    section: 'video',
    sort: 'newest',
  })
  isExactly<(typeof listings)[number], StoredListing>(true)
  console.log(total, listings[0]?.title.length, listings[0]?.media?.durationMs)
  const { link } = await catalog.create('my films')
  const draft: ListingDraft = {
    title: 'Zoo',
    description: '',
    section: 'video',
    tags: [],
    license: 'CC0-1.0',
    magnet: 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a',
    sizeBytes: 1,
    fileCount: 1,
  }
  const published = await catalog.publish(draft, { to: link })
  await catalog.withdraw(published.id, { reason: 'wrong film' })
  await catalog.keepUp({ signal })
}

export async function serve(home: string): Promise<string> {
  await using server = await createCatalogServer({ home, port: 0, name: 'Zoo films', swarm: false })
  isExactly<typeof server, CatalogServer>(true)
  return server.url
}

// @ts-expect-error a section is one of five
export const wrongSection: SearchQuery = { section: 'films' }

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
