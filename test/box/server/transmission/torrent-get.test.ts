import { EventEmitter } from 'node:events'
import test from 'ava'
import { boxConfigForm } from '../../../../src/box/config/box-config.ts'
import { Params } from '../../../../src/box/server/transmission/params.ts'
import { RecentActivity } from '../../../../src/box/server/transmission/recent-activity.ts'
import { torrentGet } from '../../../../src/box/server/transmission/torrent-get.ts'
import { Item } from '../../../../src/box/shelf/item.ts'
import type { Shelf } from '../../../../src/box/shelf/shelf.ts'
import { Bitfield } from '../../../../src/core/index.ts'
import type { Transfer, TransferStats } from '../../../../src/swarm/index.ts'
import { makeTorrent } from '../../../kit/made-torrent.ts'

const stats: TransferStats = {
  state: 'downloading',
  sizeBytes: 100_000,
  haveBytes: 65_536,
  downloadedBytes: 70_000,
  uploadedBytes: 50_000,
  ratio: 0.5,
  downloadBytesPerSecond: 1_000.4,
  uploadBytesPerSecond: 0,
  peers: 2,
  seeds: 1,
  piecesHave: 4,
  pieceCount: 7,
  etaMs: 34_464,
  wastedBytes: 5,
  bannedPeers: 0,
  trouble: undefined,
  reason: undefined,
}

const peer = {
  address: '[2001:db8::1]:6881',
  client: 'A 1',
  source: 'dht',
  isSeed: false,
  progress: 0.5,
  downloadedBytes: 1,
  uploadedBytes: 2,
  downloadBytesPerSecond: 10,
  uploadBytesPerSecond: 0,
  flags: 'DuE',
} as const

class StubShelf extends EventEmitter {
  readonly asked: string[] = []
  readonly #items: Item[]

  constructor(count: number) {
    super()
    this.#items = Array.from({ length: count }, (_, index) => this.#item(index + 1))
  }

  items(): readonly Item[] {
    return this.#items
  }

  lookUp(reference: number | string): Item | undefined {
    return this.#items.find(({ id, infoHash }) => id === reference || infoHash === reference)
  }

  #item(id: number): Item {
    const metainfo = makeTorrent(`clip ${id}.avi`, Buffer.alloc(100_000), 16_384)
    const held = new Bitfield(7)
    for (const piece of [0, 1, 2, 3]) held.add(piece)
    const item = new Item({
      id,
      infoHash: metainfo.infoHash!,
      name: metainfo.name,
      source: { kind: 'get', magnet: '', folder: '/downloads', path: '' },
      origin: 'api',
      labels: ['zoo'],
      addedAt: 1_700_000_000_000,
      doneAt: undefined,
      isPaused: false,
      queuePlace: 1_000 - id,
      limits: { upload: undefined, download: 50_000 },
      goals: { ratio: 2, seedMs: undefined },
      priorities: new Map([[0, 6]]),
      peers: [],
      before: { uploaded: 50_000, downloaded: 0, seedingMs: 0 },
    })
    const note = <Result>(what: string, result: Result): Result => {
      this.asked.push(`${what} ${id}`)
      return result
    }
    item.transfer = {
      name: metainfo.name,
      metainfo,
      state: 'downloading',
      path: '/downloads/clip.avi',
      get held() {
        return note('held', held)
      },
      get magnetLink() {
        return note('magnet', 'magnet:?')
      },
      stats: () => note('stats', stats),
      peers: () => note('peers', [peer]),
      channels: () =>
        note('channels', {
          trackers: [
            {
              url: 'http://tracker.example/announce',
              status: 'working',
              message: undefined,
              seeds: 3,
              leeches: 4,
            },
          ],
        }),
    } as unknown as Transfer
    return item
  }
}

function stub(count = 1) {
  const shelf = new StubShelf(count)
  const activity = new RecentActivity(shelf as unknown as Shelf)
  const config = boxConfigForm.parse({})
  const get = async (given: object, isLegacy = true) =>
    (await torrentGet(
      { shelf: shelf as unknown as Shelf, activity, config: () => config },
      { method: 'torrent-get', params: new Params(given), isLegacy },
    )) as {
      torrents: Record<string, unknown>[]
      removed?: number[]
    }
  return { shelf, get }
}

test('each field is answered under the name by which it was asked', async t => {
  const { get } = stub()
  const fields = ['id', 'hashString', 'hash_string', 'percentDone', 'peer-limit', 'nobody-knows-it']
  t.deepEqual(Object.keys((await get({ fields })).torrents[0]!), fields.slice(0, -1))
  t.deepEqual(Object.keys((await get({ fields: ['file_stats'] }, false)).torrents[0]!), ['file_stats'])
})

test('what a client shows of a transfer is what the transfer is', async t => {
  const { get } = stub()
  const expected = {
    status: 4,
    name: 'clip 1.avi',
    percentDone: 0.65536,
    eta: 34,
    rateDownload: 1_000,
    leftUntilDone: 34_464,
    uploadedEver: 100_000,
    downloadedEver: 70_000,
    uploadRatio: 1,
    addedDate: 1_700_000_000,
    doneDate: 0,
    downloadDir: '/downloads',
    downloadLimit: 50,
    downloadLimited: true,
    uploadLimited: false,
    seedRatioLimit: 2,
    seedRatioMode: 1,
    seedIdleMode: 0,
    labels: ['zoo'],
    error: 0,
    errorString: '',
    pieces: '8A==',
    pieceCount: 7,
    peersSendingToUs: 1,
    peersGettingFromUs: 0,
    desiredAvailable: 0,
    wanted: [1],
    priorities: [1],
    files: [{ bytesCompleted: 65_536, length: 100_000, name: 'clip 1.avi', begin_piece: 0, end_piece: 7 }],
    fileStats: [{ bytesCompleted: 65_536, wanted: true, priority: 1 }],
    isFinished: false,
  }
  t.deepEqual((await get({ fields: Object.keys(expected) })).torrents[0], expected)
})

test('clients of 4.1 find their own names in what a field holds', async t => {
  const { get } = stub()
  const [torrent] = (
    await get({ fields: ['files', 'wanted', 'peers', 'peers_from', 'tracker_stats'] }, false)
  ).torrents
  t.like(torrent, {
    files: [{ bytes_completed: 65_536 }],
    wanted: [1],
    peers: [
      {
        address: '2001:db8::1',
        port: 6881,
        client_name: 'A 1',
        flag_str: 'DuEH',
        is_downloading_from: true,
        is_encrypted: true,
        peer_is_choked: true,
      },
    ],
    peers_from: { from_dht: 1 },
    tracker_stats: [
      { seeder_count: 3, leecher_count: 4, sitename: 'tracker', last_announce_succeeded: true },
    ],
  })
  t.like((await get({ fields: ['peers'] })).torrents[0], { peers: [{ clientName: 'A 1', isUTP: false }] })
})

test('a table has the names first and then a row a transfer', async t => {
  const { get } = stub(2)
  t.deepEqual(
    (await get({ fields: ['id', 'nobody', 'queuePosition'], format: 'table' })).torrents as unknown,
    [
      ['id', 'queuePosition'],
      [1, 1],
      [2, 0],
    ],
  )
})

test('transfers are named by number, by info-hash, and what is gone is passed over', async t => {
  const { shelf, get } = stub(3)
  const { infoHash } = shelf.items()[1]!
  const ids = async (given: unknown) =>
    (await get({ ids: given, fields: ['id'] })).torrents.map(({ id }) => id)
  t.deepEqual(await ids(3), [3])
  t.deepEqual(await ids([1, 99, infoHash.toUpperCase()]), [1, 2])
  t.deepEqual(await ids(['3', 3]), [3])
  t.deepEqual(await ids([]), [])
  t.deepEqual(await ids(-1), [])
  for (const bad of [null, {}, [{}], [null], true])
    await t.throwsAsync(ids(bad), { message: /ids has to be/ })
})

test('of recently active ones those that were removed are told too', async t => {
  const { shelf, get } = stub(2)
  shelf.emit('removed', { id: 7 })
  const { torrents, removed } = await get({ ids: 'recently-active', fields: ['id'] })
  t.is(torrents.length, 2, 'both receive something')
  t.deepEqual(removed, [7])
  t.is((await get({ fields: ['id'] })).removed, undefined)
})

test('nothing is worked out that nobody asked for, and nothing twice', async t => {
  const { shelf, get } = stub(2)
  await get({ fields: ['id', 'name', 'labels', 'hashString', 'queuePosition'] })
  t.deepEqual(shelf.asked, [])
  await get({ fields: ['rateDownload', 'rateUpload', 'eta', 'percentDone', 'uploadRatio', 'status'] })
  t.deepEqual(shelf.asked.splice(0), ['stats 1', 'stats 2'])
  await get({ ids: [1], fields: ['peers', 'peersFrom', 'peersSendingToUs'] })
  t.deepEqual(shelf.asked, ['stats 1', 'peers 1'])
})

test('without fields there is nothing to tell', async t => {
  const { get } = stub()
  for (const given of [{}, { fields: [] }, { fields: 3 }])
    await t.throwsAsync(get(given), { name: 'RpcError' })
})

test('a list of many thousands keeps nobody waiting until it is done', async t => {
  const { get } = stub(20_000)
  let turns = 0
  const counter = setInterval(() => turns++, 1)
  const { torrents } = await get({ fields: ['id', 'name', 'status', 'rateDownload', 'eta', 'percentDone'] })
  clearInterval(counter)
  t.is(torrents.length, 20_000)
  t.true(turns > 0)
})
