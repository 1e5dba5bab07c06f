import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { LogFile } from '../../../src/box/log/log-file.ts'
import { LogReader } from '../../../src/box/log/log-reader.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const now = () => new Date('2026-11-30T02:00:00Z')

async function logged(t: ExecutionContext, maxBytes?: number) {
  const path = join(await temporaryFolder(t), 'state', 'box.log')
  const log = new LogFile({ path, secrets: ['s3cret-token'], now, maxBytes })
  return { path, log, read: () => readFile(path, 'utf8') }
}

test('a message is one line with its time, whatever it holds', async t => {
  const { log, read } = await logged(t)
  log.write('one\ntwo\u001b[2J')
  log.write('the token is s3cret-token')
  await log.flush()
  t.is(await read(), '2026-11-30T02:00:00.000Z one; two␛[2J\n2026-11-30T02:00:00.000Z the token is …\n')
})

test('the log is for its owner alone', async t => {
  const { path, log } = await logged(t)
  log.write('hello')
  await log.flush()
  t.is((await stat(path)).mode & 0o777, 0o600)
})

test('a full log becomes an old one, of which three are kept', async t => {
  const { path, log } = await logged(t, 100)
  for (let number = 0; number < 12; number++) {
    log.write(`message ${number}`)
    await log.flush()
  }
  t.deepEqual((await readdir(dirname(path))).sort(), ['box.log', 'box.log.1', 'box.log.2', 'box.log.3'])
  for (const name of await readdir(dirname(path))) t.true((await stat(join(dirname(path), name))).size <= 100)
  t.deepEqual(
    (await new LogReader(path).tail(2)).map(line => line.slice(25)),
    ['message 10', 'message 11'],
  )
})

test('what cannot be written is counted and told of later, and stops nobody', async t => {
  const { path, log, read } = await logged(t)
  await mkdir(path, { recursive: true })
  log.write('lost')
  await log.flush()
  await rm(path, { recursive: true })
  log.write('kept')
  await log.flush()
  t.regex(await read(), /kept\n.* 1 messages could not be written\n$/)
})

test('a message is cut to a few kilobytes', async t => {
  const { log, read } = await logged(t)
  log.write('x'.repeat(100_000))
  await log.flush()
  t.true((await read()).length < 4_100)
})

test('no log is larger than it may be, however much is said at once and however long it is', async t => {
  const { path, log } = await logged(t, 50_000)
  for (let number = 0; number < 300; number++)
    log.write(`message ${number} ${(number % 3 === 0 ? '\u202e' : 'x').repeat(100_000)}`)
  await log.flush()
  const names = await readdir(dirname(path))
  t.is(names.length, 4)
  for (const name of names) {
    const { size } = await stat(join(dirname(path), name))
    t.true(size <= 50_000, `${name} has ${size} bytes`)
    t.true(size > 10_000, `${name} has ${size} bytes`)
  }
  t.regex((await new LogReader(path).tail(1))[0]!, /message 299 /)
})

test('the last lines are read of older logs too', async t => {
  const { path, log } = await logged(t, 100)
  for (let number = 0; number < 6; number++) {
    log.write(`message ${number}`)
    await log.flush()
  }
  const lines = await new LogReader(path).tail(5)
  t.deepEqual(
    lines.map(line => line.slice(25)),
    [1, 2, 3, 4, 5].map(number => `message ${number}`),
  )
})

test('nothing is read where nothing was written', async t => {
  const reader = new LogReader(join(await temporaryFolder(t), 'box.log'))
  t.deepEqual(await reader.tail(10), [])
  t.deepEqual(await reader.more(), [])
})

test('what is written after the last look is read once, over the change to a new log', async t => {
  const { path, log } = await logged(t, 100)
  const reader = new LogReader(path)
  const seen = await reader.tail(10)
  for (let number = 0; number < 7; number++) {
    log.write(`message ${number}`)
    await log.flush()
    if (number % 2 === 0) seen.push(...(await reader.more()))
  }
  t.deepEqual(
    seen.map(line => line.slice(25)),
    [0, 1, 2, 3, 4, 5, 6].map(number => `message ${number}`),
  )
})

test('a line that is not whole yet is waited for', async t => {
  const path = join(await temporaryFolder(t), 'box.log')
  await writeFile(path, 'whole\nha')
  const reader = new LogReader(path)
  t.deepEqual(await reader.tail(10), ['whole'])
  await writeFile(path, 'whole\nhalf\n')
  t.deepEqual(await reader.more(), ['half'])
})
