import type { Entry } from '../../src/box/shelf/entry.ts'
import { Item } from '../../src/box/shelf/item.ts'
import type { Transfer, TransferStats } from '../../src/index.ts'

/** What a test says of a transfer that stands in for a real one. */
export interface StandIn {
  readonly path?: string
  readonly magnetLink?: string
  readonly state?: Transfer['state']
  readonly stats?: Partial<TransferStats>
  readonly trackers?: readonly string[]
}

/** An item of the shelf whose transfer only says what the test has it say. */
export function makeItem(entry: Partial<Entry> = {}, standIn?: StandIn): Item {
  const item = new Item({
    id: 1,
    infoHash: '00112233445566778899aabbccddeeff00112233' as Entry['infoHash'],
    name: 'zoo',
    source: { kind: 'get', magnet: 'magnet:?xt=urn:btih:0011', folder: '/downloads', path: '' },
    origin: 'api',
    labels: [],
    addedAt: 0,
    doneAt: undefined,
    isPaused: false,
    queuePlace: 1,
    limits: { upload: undefined, download: undefined },
    goals: { ratio: undefined, seedMs: undefined },
    priorities: new Map(),
    peers: [],
    before: { uploaded: 0, downloaded: 0, seedingMs: 0 },
    ...entry,
  })
  if (standIn) {
    const { stats, trackers = [], ...rest } = standIn
    const transfer = {
      name: item.entry.name,
      state: 'seeding',
      metainfo: { trackers: [trackers] },
      stats: () => ({ uploadedBytes: 0, downloadedBytes: 0, peers: 0, sizeBytes: 0, ...stats }),
      ...rest,
    }
    item.transfer = transfer as unknown as Transfer
  }
  return item
}
