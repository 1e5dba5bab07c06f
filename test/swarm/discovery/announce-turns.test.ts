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
    begin: (host: string, signal?: AbortSignal) =>
      turns.run(
        host,
        async () => {
          most = Math.max(most, ++running)
          await new Promise<void>(resolve => ends.push(resolve))
          running--
        },
        { signal },
      ),
  }
}

test('One tracker is asked eight times at once, all together fifty times, and everyone has a turn', async t => {
  const all = announces(new AnnounceTurns())
  const begun = Array.from({ length: 1_000 }, (_, index) => all.begin(`tracker-${index % 10}`))
  const one = announces(new AnnounceTurns())
  const same = Array.from({ length: 100 }, () => one.begin('tracker'))
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
  for (let count = 0; count < 1_000; count++) void begin('silent')
  t.is(running(), 8)
  void begin('other')
  t.is(running(), 9)
})

test('Who gives up leaves the queue, and what fails gives its turn back', async t => {
  const turns = new AnnounceTurns()
  const { begin, ends, running } = announces(turns)
  const first = Array.from({ length: 8 }, () => begin('tracker'))
  const aborter = new AbortController()
  const waiting = begin('tracker', aborter.signal)
  const reason = new Error('enough')
  aborter.abort(reason)
  t.is(await t.throwsAsync(waiting), reason)
  t.is(await t.throwsAsync(begin('tracker', aborter.signal)), reason)
  for (const end of ends.splice(0)) end()
  await Promise.all(first)
  await t.throwsAsync(
    turns.run('tracker', () => Promise.reject(new Error('away'))),
    { message: 'away' },
  )
  t.is(running(), 0)
  t.is(await turns.run('tracker', async () => 'answer'), 'answer')
})
