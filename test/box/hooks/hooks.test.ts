import { EventEmitter } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type BoxDatabase, openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { HookStore } from '../../../src/box/hooks/hook-store.ts'
import { startHooks } from '../../../src/box/hooks/hooks.ts'
import type { Shelf, ShelfEvents } from '../../../src/box/shelf/shelf.ts'
import { FakeBoxClock } from '../../kit/box-clock.ts'
import { makeItem } from '../../kit/box-item.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

/** Leaves a file by the name of its transfer, with a letter for each time that it is run, and ends once `open` is there. */
const script = `
  const fs = require('node:fs'), [folder] = process.argv.slice(1)
  fs.appendFileSync(folder + '/' + process.env.P2PSHARE_NAME, 'x')
  setInterval(() => { if (fs.existsSync(folder + '/open')) process.exit() }, 20)`

/** A box with its hooks, as each start of it has them. */
async function boxes(t: ExecutionContext) {
  const folder = await temporaryFolder(t)
  const path = join(await temporaryFolder(t), 'box.db')
  const start = async (program: string[] = [process.execPath, '-e', script, folder]) => {
    const database = await openBoxDatabase(path)
    const shelf = new EventEmitter<ShelfEvents>()
    const clock = new FakeBoxClock(new Date('2026-11-30T02:00:00Z'))
    const log: string[] = []
    const runner = startHooks({
      shelf: shelf as Shelf,
      settings: () => ({ added: [], done: program }),
      variables: { PATH: process.env.PATH },
      clock,
      log: line => log.push(line),
      database,
    })
    const stop = async () => {
      runner.stop()
      await waitUntil('all have ended', () => runner.running === 0)
      await database.destroy()
    }
    t.teardown(stop)
    let id = 0
    const done = (name: string) => void shelf.emit('done', makeItem({ id: ++id, name }))
    return { database, clock, log, runner, stop, done }
  }
  const ran = async () => (await readdir(folder)).filter(name => name !== 'open').sort()
  return { start, ran, open: () => writeFile(join(folder, 'open'), '') }
}

const kept = async (database: BoxDatabase) => (await new HookStore(database).all()).map(({ title }) => title)

test('what waits when the box stops is run at its next start, once, and what had begun is not run again', async t => {
  const { start, ran, open } = await boxes(t)
  const first = await start()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) first.done(name)
  await waitUntil('four run', async () => (await ran()).length === 4)
  t.deepEqual(await kept(first.database), ['Hook of done, e', 'Hook of done, f'])
  await first.stop()
  t.deepEqual(await ran(), ['a', 'b', 'c', 'd'])

  const second = await start()
  t.is(second.runner.running, 0, 'not before the box answers')
  second.clock.move(1_000)
  await waitUntil('all were run', async () => (await ran()).length === 6)
  t.deepEqual(await kept(second.database), [])
  await open()
  await waitUntil('all have ended', () => second.runner.running === 0)
  await second.stop()

  const third = await start()
  third.clock.move(60_000)
  t.deepEqual(await kept(third.database), [])
  t.is(third.runner.running, 0)
})

test('what happens while the box stops is for its next start', async t => {
  const { start, ran } = await boxes(t)
  const first = await start()
  first.runner.stop()
  first.done('late')
  await waitUntil('it is kept', async () => (await kept(first.database)).length === 1)
  await first.stop()
  const second = await start()
  second.clock.move(1_000)
  await waitUntil('it was run', async () => (await ran()).length === 1)
  t.deepEqual(await ran(), ['late'])
})

test('without a program in the settings nothing is kept, and what was is forgotten', async t => {
  const { start } = await boxes(t)
  const first = await start()
  first.runner.stop()
  first.done('late')
  await waitUntil('it is kept', async () => (await kept(first.database)).length === 1)
  await first.stop()
  const second = await start([])
  second.done('other')
  second.clock.move(1_000)
  await waitUntil('nothing is kept', async () => (await kept(second.database)).length === 0)
  t.deepEqual(second.log, [])
})

test('more wait in the database than may wait at all: they are told of and forgotten', async t => {
  const { start } = await boxes(t)
  const { database, clock, log, runner } = await start()
  const store = new HookStore(database)
  for (let number = 0; number < 1_010; number++)
    await store.add({ event: 'done', title: `hook ${number}`, variables: { P2PSHARE_NAME: 'x' } })
  clock.move(1_000)
  await waitUntil('they wait', () => runner.waiting === 1_000)
  await waitUntil('the others are forgotten', async () => (await kept(database)).length === 1_000)
  t.is(log.filter(line => /not run, 1000 others wait/.test(line)).length, 6)
})
