import test from 'ava'
import { TrafficMeter } from '../../../src/box/history/traffic-meter.ts'
import { makeItem } from '../../kit/box-item.ts'

test('of thousands those with peers are measured at each look, and the others in turns', t => {
  const stats = Array.from({ length: 12_001 }, () => ({ uploadedBytes: 0, downloadedBytes: 0, peers: 0 }))
  let asked = 0
  const items = stats.map((own, id) => {
    const item = makeItem({ id }, { stats: own })
    Object.assign(item.transfer!, {
      peers: () => Array.from({ length: own.peers }),
      stats: () => {
        asked++
        return own
      },
    })
    return item
  })
  const meter = new TrafficMeter(() => items)
  meter.look(0)
  t.true(asked < 4_000, String(asked))
  const last = stats.at(-1)!
  last.peers = 2
  last.uploadedBytes = 500
  t.like(meter.look(0), { uploaded: 500, peers: 2 })
  last.peers = 0
  last.uploadedBytes = 700
  t.like(meter.look(0), { uploaded: 200, peers: 0 }, 'what its last peer took counts at once')
  stats[5]!.uploadedBytes = 30
  let late = 0
  for (let look = 0; look < 12; look++) late += meter.look(0).uploaded
  t.is(late, 30)
  stats[6]!.uploadedBytes = 40
  t.is(meter.look(0, { isLast: true }).uploaded, 40)
})
