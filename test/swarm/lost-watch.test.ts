import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { type LostFiles, LostWatch } from '../../src/swarm/lost-watch.ts'
import { FakeClock } from '../kit/fake-clock.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

/** A watch on a clock that is moved from turn to turn. */
function watching() {
  const clock = new FakeClock()
  const watch = new LostWatch(clock)
  const all: Lost[] = []
  let passedMs = 0
  return {
    clock,
    all,
    passedMs: () => passedMs,
    lose(path: string): Lost {
      const lost = new Lost(path)
      lost.leave = watch.watch(lost, () => lost.backs++)
      all.push(lost)
      return lost
    },
    async turn(): Promise<void> {
      const ms = clock.nextMs ?? 0
      passedMs += ms
      clock.move(ms)
      const areAllBack = () => all.every(({ backs }) => backs > 0)
      await waitUntil('the turn is over', () => clock.nextMs || areAllBack(), { intervalMs: 1 })
    },
  }
}

/** Files in a place, of which one is amiss until told otherwise. */
class Lost implements LostFiles {
  readonly path: string
  readonly firsts: (number | undefined)[] = []
  amiss: number | undefined = 3
  backs = 0
  leave = () => {}

  constructor(path: string) {
    this.path = path
  }

  async findAmiss(first: number | undefined): Promise<number | undefined> {
    this.firsts.push(first)
    return this.amiss
  }
}

test('few lost files are looked at every five seconds, first the one that was amiss, until they are back', async t => {
  const { clock, lose, turn } = watching()
  const lost = lose(join(await temporaryFolder(t), 'lions.avi'))
  t.is(clock.nextMs, 5_000)
  await turn()
  await turn()
  t.deepEqual([lost.firsts, lost.backs], [[undefined, 3], 0])
  t.is(clock.nextMs, 5_000)
  lost.amiss = undefined
  await turn()
  t.is(lost.backs, 1)
  t.is(clock.nextMs, undefined)
})

test('nothing waits once nobody watches for lost files', async t => {
  const { clock, lose } = watching()
  lose(join(await temporaryFolder(t), 'lions.avi')).leave()
  t.is(clock.nextMs, undefined)
})

test('many thousands are looked at some a second, each within a minute', async t => {
  const { all, lose, turn, passedMs } = watching()
  const folder = await temporaryFolder(t)
  for (let index = 0; index < 5_000; index++) lose(join(folder, `${index}.avi`))
  const looks = () => all.map(({ firsts }) => firsts.length)
  const looked = () => looks().filter(count => count > 0).length
  await turn()
  t.true(looked() <= 210, `${looked()} in one turn`)
  while (looked() < all.length && passedMs() < 120_000) await turn()
  t.true(passedMs() <= 60_000, `${passedMs()} ms`)
  t.deepEqual(new Set(looks()), new Set([1]))
})

test('a folder that is gone speaks for all below it, and they are looked at once it is back', async t => {
  const { all, lose, turn, passedMs } = watching()
  const disk = join(await temporaryFolder(t), 'disk')
  for (let index = 0; index < 500; index++) lose(join(disk, `${index % 50}`, `${index}.avi`))
  await turn()
  await turn()
  t.is(passedMs(), 10_000)
  t.true(all.every(({ firsts }) => firsts.length === 0))
  for (let index = 0; index < 50; index++) await mkdir(join(disk, `${index}`), { recursive: true })
  for (const lost of all) lost.amiss = undefined
  while (all.some(({ backs }) => backs === 0) && passedMs() < 60_000) await turn()
  t.true(all.every(({ backs }) => backs === 1))
})
