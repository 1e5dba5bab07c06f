import test from 'ava'
import { listingHealth } from '../../../src/catalog/health/listing-health.ts'
import { makeMachineSite } from '../../kit/machine-site.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs

test('New listings are due first, again every five minutes on their first day, and then every hour', async t => {
  const { site, publish } = await makeMachineSite(t)
  const hashes = [await publish(), await publish(), await publish()].map(({ infoHash }) => infoHash!)
  const [first, second, third] = hashes
  const start = Date.now()
  let time = start
  const { claim, save } = listingHealth(site.catalog.database, site.store, () => new Date(time))
  const due = async (limit = 10) => (await claim(limit)).map(({ infoHash }) => infoHash)

  t.deepEqual(await due(2), [third, second])
  t.deepEqual(await due(), [first])
  t.deepEqual(await due(), [])
  time = start + 6 * minuteMs
  t.deepEqual((await due()).sort(), hashes.toSorted())
  time = start + 8 * minuteMs
  t.deepEqual(await due(), [])

  time = start + dayMs + minuteMs
  t.is((await due()).length, 3)
  time += 30 * minuteMs
  t.deepEqual(await due(), [])
  await save({ infoHash: first!, listedAs: first, trackers: [] } as never, {
    seeds: 1,
    leeches: 2,
    at: new Date(time),
  })
  time += 40 * minuteMs
  t.deepEqual((await due()).sort(), [second, third].toSorted(), 'what was counted since is not due yet')
})

test('Of two servers on one database none counts what the other does', async t => {
  const { site, publish } = await makeMachineSite(t)
  for (let count = 0; count < 10; count++) await publish()
  const [one, other] = [0, 1].map(() => listingHealth(site.catalog.database, site.store))
  const claimed = [...(await one!.claim(6)), ...(await other!.claim(6))].map(({ infoHash }) => infoHash)
  t.is(new Set(claimed).size, 10)
  t.is(claimed.length, 10)
})
