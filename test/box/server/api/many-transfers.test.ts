import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { openBoxDatabase } from '../../../../src/box/database/open-box-database.ts'
import { EntryStore } from '../../../../src/box/shelf/entry-store.ts'
import { startBox } from '../../../kit/box.ts'
import type { Owner } from '../../../kit/owner.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const many = 5_000
const mostMs = 200

/** A home whose box has so many transfers already. */
async function homeWith(owner: Owner, count: number): Promise<string> {
  const home = await temporaryFolder(owner, 'box')
  await mkdir(join(home, 'data'), { recursive: true })
  const db = await openBoxDatabase(join(home, 'data', 'box.db'))
  await db.transaction().execute(async transaction => {
    const store = new EntryStore(transaction)
    for (let index = 0; index < count; index++) {
      const infoHash = index.toString(16).padStart(40, '0')
      const source = {
        kind: 'get',
        magnet: `magnet:?xt=urn:btih:${infoHash}`,
        folder: '/nowhere',
        path: '',
      } as const
      const limits = { upload: undefined, download: undefined }
      const rest = {
        origin: 'api',
        labels: ['zoo'],
        addedAt: 1_700_000_000_000,
        isPaused: true,
        limits,
        peers: [],
      }
      await store.add(
        { infoHash, name: `Clip number ${index}.avi`, source, ...rest },
        { torrent: undefined, files: [] },
      )
    }
  })
  await db.destroy()
  return home
}

/** What the clients with the longest lists of fields ask of every torrent. */
const fields = [
  ...[
    'eta',
    'leftUntilDone',
    'errorString',
    'haveUnchecked',
    'error',
    'id',
    'haveValid',
    'isFinished',
    'name',
  ],
  ...['sizeWhenDone', 'status', 'manualAnnounceTime', 'peersGettingFromUs', 'peersConnected', 'percentDone'],
  ...['recheckProgress', 'peersSendingToUs', 'rateDownload', 'queuePosition', 'downloadedEver', 'trackers'],
  ...[
    'uploadedEver',
    'rateUpload',
    'seedRatioLimit',
    'seedRatioMode',
    'metadataPercentComplete',
    'hashString',
  ],
  ...[
    'totalSize',
    'downloadDir',
    'addedDate',
    'doneDate',
    'activityDate',
    'labels',
    'uploadRatio',
    'fileCount',
  ],
]

test(`a list of ${many} takes no more than ${mostMs} ms, of the API and of the RPC`, async t => {
  const { ask, box } = await startBox(t, { home: await homeWith(t, many) })
  await waitUntil('all are taken up', () => {
    const items = box.shelf.items()
    return items.length === many && items.every(({ transfer }) => transfer)
  })
  const id = 'x-transmission-session-id'
  const call = (session: string) =>
    ask('/transmission/rpc', {
      method: 'POST',
      headers: { [id]: session },
      body: JSON.stringify({ method: 'torrent-get', arguments: { fields } }),
    })
  const session = (await call('')).headers.get(id)!
  const ways: Record<string, () => Promise<unknown[]>> = {
    api: async () => (await answered<{ transfers: unknown[] }>(ask('/api/v1/transfers'))).transfers,
    sorted: async () =>
      (await answered<{ transfers: unknown[] }>(ask('/api/v1/transfers?sort=name'))).transfers,
    rpc: async () =>
      (await answered<{ arguments: { torrents: unknown[] } }>(call(session))).arguments.torrents,
  }
  for (const [way, list] of Object.entries(ways)) {
    const tookMs: number[] = []
    // Other tests run beside this one: the best of some rounds is what the list takes by itself.
    for (let round = 0; round < 8; round++) {
      const startMs = performance.now()
      const found = await list()
      tookMs.push(performance.now() - startMs)
      t.is(found.length, many)
    }
    t.true(Math.min(...tookMs) <= mostMs, `${way}: ${tookMs.map(Math.round)} ms`)
  }
})

async function answered<Answer>(answer: Promise<Response>): Promise<Answer> {
  return (await (await answer).json()) as Answer
}
