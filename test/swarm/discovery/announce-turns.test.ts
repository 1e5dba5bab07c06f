import test from 'ava'
import { AnnounceTurns } from '../../../src/swarm/discovery/announce-turns.ts'
import { waitUntil } from '../../kit/wait-until.ts'

/** Announces that end when they are told to. */
function announces(turns: AnnounceTurns) {
  const ends: (() => void)[] = []
  let [running, most] = [0, 0]
  return {
    ends,
    running: () => running,
    most: () => most,
    /** Answers how to give up, and what ends with it. */
    begin(host: string) {
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      const leave = turns.enter(host, async () => {
        most = Math.max(most, ++running)
        await new Promise<void>(end => ends.push(end))
        running--
        resolve()
      })
      return { ended, leave }
    },
  }
}

test('One tracker is asked eight times at once, all together fifty times, and everyone has a turn', async t => {
  const all = announces(new AnnounceTurns())
  const begun = Array.from({ length: 1_000 }, (_, index) => all.begin(`tracker-${index % 10}`).ended)
  const one = announces(new AnnounceTurns())
  const same = Array.from({ length: 100 }, () => one.begin('tracker').ended)
  t.is(all.running(), 50)
  t.is(one.running(), 8)
  let isOver = false
  const over = Promise.all([...begun, ...same]).then(() => {
    isOver = true
  })
  await waitUntil(
    'all have ended',
    () => {
      for (const end of [...all.ends.splice(0), ...one.ends.splice(0)]) end()
      return isOver
    },
    { intervalMs: 0 },
  )
  await over
  t.is(all.most(), 50)
  t.is(one.most(), 8)
})

test('A tracker that is silent holds up nobody but its own', async t => {
  const { begin, running } = announces(new AnnounceTurns())
  for (let count = 0; count < 1_000; count++) begin('silent')
  t.is(running(), 8)
  begin('other')
  t.is(running(), 9)
})

test('Who gives up leaves the queue, and those behind come to their turn', async t => {
  const { begin, ends, running } = announces(new AnnounceTurns())
  const first = Array.from({ length: 8 }, () => begin('tracker'))
  const [left, after] = [begin('tracker'), begin('tracker')]
  left.leave()
  for (const end of ends.splice(0)) end()
  await Promise.all(first.map(({ ended }) => ended))
  await waitUntil('the one behind has its turn', () => ends.length === 1, { intervalMs: 1 })
  t.is(running(), 1)
  // Of no effect any more.
  after.leave()
  for (const end of ends) end()
  await after.ended
  t.is(running(), 0)
})
