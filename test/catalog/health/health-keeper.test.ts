import test from 'ava'
import { HealthKeeper, type HealthRecord } from '../../../src/catalog/health/health-keeper.ts'
import { anyCounter, dhtCounter, type PeerCount } from '../../../src/catalog/health/peer-counter.ts'
import { waitUntil } from '../../kit/wait-until.ts'

/** Torrents that wait to be claimed, and what was saved of them. */
function recordOf(infoHashes: readonly string[]) {
  const waiting = infoHashes.map(infoHash => ({ infoHash, trackers: [] }))
  const saved = new Map<string, PeerCount>()
  const record: HealthRecord = {
    claim: async limit => waiting.splice(0, limit),
    save: async ({ infoHash }, { seeds, leeches }) => {
      saved.set(infoHash, { seeds, leeches })
    },
  }
  return { record, saved }
}

const many = Array.from({ length: 50 }, (_, index) => String(index))

test('Every torrent that is due is counted, no more at once than allowed, and saved where somebody could tell', async t => {
  const { record, saved } = recordOf(many)
  let [now, most] = [0, 0]
  const keeper = new HealthKeeper({
    record,
    concurrency: 3,
    counter: async ({ infoHash }) => {
      most = Math.max(most, ++now)
      await new Promise(setImmediate)
      now--
      return infoHash === '7' ? undefined : { seeds: Number(infoHash), leeches: 1 }
    },
  })
  keeper.start()
  await waitUntil('all are counted', () => saved.size === 49)
  await keeper.stop()
  t.is(most, 3)
  t.false(saved.has('7'))
  t.deepEqual(saved.get('30'), { seeds: 30, leeches: 1 })
})

test('Stopping gives up what is under way, and nothing is saved afterwards', async t => {
  const { record, saved } = recordOf(many)
  const started = Promise.withResolvers<void>()
  const keeper = new HealthKeeper({
    record,
    counter: (_, { signal }) =>
      new Promise((_, reject) => {
        started.resolve()
        signal?.addEventListener('abort', () => reject(signal.reason))
      }),
  })
  keeper.start()
  await started.promise
  await keeper.stop()
  await keeper.stop()
  t.is(saved.size, 0)
})

test('An error of the database is told, and counting goes on after it', async t => {
  const { record, saved } = recordOf(many)
  const problems: unknown[] = []
  let claims = 0
  const keeper = new HealthKeeper({
    record: {
      ...record,
      claim: async (...all) => {
        if (++claims === 1) throw new Error('database is locked')
        return record.claim(...all)
      },
    },
    counter: () => ({ seeds: 1, leeches: 0 }),
    restMs: 1,
    onProblem: error => problems.push(error),
  })
  keeper.start()
  await waitUntil('all are counted', () => saved.size === 50)
  await keeper.stop()
  t.is(problems.length, 1)
})

test('Of several ways to count, the most counts; the peers that only the DHT knows are taken for seeds', async t => {
  const torrent = { infoHash: 'a', trackers: [] }
  const dht = (peers: number) => dhtCounter(async () => peers)
  const failing = dhtCounter(async () => {
    throw new Error('no network')
  })
  const tracker = () => ({ seeds: 2, leeches: 5 })
  t.deepEqual(await anyCounter([dht(3), tracker])(torrent, {}), { seeds: 3, leeches: 5 })
  t.deepEqual(await anyCounter([failing, tracker])(torrent, {}), { seeds: 2, leeches: 5 })
  t.is(await anyCounter([failing, dht(0), () => undefined])(torrent, {}), undefined)
})
