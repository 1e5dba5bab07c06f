import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { ConfigFile } from '../../../src/box/config/config-file.ts'
import { ConfigWatch } from '../../../src/box/config/config-watch.ts'
import { type ConfigReload, LiveConfig } from '../../../src/box/config/live-config.ts'
import { findHome } from '../../../src/core/index.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

async function opened(t: ExecutionContext) {
  const file = new ConfigFile(findHome(await temporaryFolder(t)))
  const live = await LiveConfig.open(file)
  const reload = async () => {
    let said: ConfigReload | undefined
    await live.reload(reload => {
      said = reload
    })
    return said
  }
  return { path: file.path, live, reload }
}

test('where there is no file one is written, with everything there is to set', async t => {
  const { path } = await opened(t)
  t.regex(await readFile(path, 'utf8'), /# upload = "2M"/)
})

test('a changed file holds once it is read anew', async t => {
  const { path, live, reload } = await opened(t)
  await writeFile(path, '[limits]\nupload = "1K"\n')
  t.deepEqual(await reload(), { isChanged: true, forNextStart: [] })
  t.is(live.value.limits.upload, 1_024)
  t.deepEqual(await reload(), { isChanged: false, forNextStart: [] })
})

test('a wrong file is told of, and what held before still does', async t => {
  const { path, live, reload } = await opened(t)
  await writeFile(path, '[limits]\nupload = "1K"\n')
  await reload()
  await writeFile(path, '[limits]\nupload = "?"\n')
  await t.throwsAsync(reload(), { code: 'ERR_INVALID_CONFIG', message: /box\.toml:2: / })
  t.is(live.value.limits.upload, 1_024)
  t.truthy(live.problem)
  await writeFile(path, '[limits]\nupload = "1K"\n')
  await reload()
  t.is(live.problem, undefined)
})

test('a file that is away is not written anew while the box runs', async t => {
  const { path, reload } = await opened(t)
  await rm(path)
  await t.throwsAsync(reload(), { code: 'ERR_PATH_NOT_FOUND' })
  await t.throwsAsync(readFile(path), { code: 'ENOENT' })
})

test('what is to be applied is, one file after another', async t => {
  const { path, live } = await opened(t)
  const order: string[] = []
  const first = Promise.withResolvers<void>()
  const applied = live.reload(async () => {
    order.push('begun')
    await first.promise
    order.push('first')
  })
  await writeFile(path, '[limits]\nupload = "1K"\n')
  const next = live.reload(() => void order.push(`second ${live.value.limits.upload}`))
  first.resolve()
  await Promise.all([applied, next])
  t.deepEqual(order, ['begun', 'first', 'second 1024'])
})

test('what holds only at the next start is said, until it is as it was', async t => {
  const { path, reload } = await opened(t)
  await writeFile(
    path,
    '[server]\nlisten = "127.0.0.1:1"\n[network]\nport = 5\ndht = false\n[queue]\nseeds = 2\n',
  )
  t.deepEqual((await reload())?.forNextStart, ['server.listen', 'network.dht', 'network.port'])
  await writeFile(path, '')
  t.deepEqual((await reload())?.forNextStart, [])
})

async function watching(t: ExecutionContext, path: string) {
  const seen = { changes: 0 }
  const watch = await ConfigWatch.start({
    path,
    settleMs: 50,
    onChange: () => seen.changes++,
    onProblem: error => t.fail(String(error)),
  })
  t.teardown(() => watch.stop())
  return seen
}

test('a file that is written over, or replaced by another as editors do, is noticed', async t => {
  const path = join(await temporaryFolder(t), 'box.toml')
  await writeFile(path, 'a')
  const seen = await watching(t, path)
  await writeFile(path, 'b')
  await waitUntil('the first change is noticed', () => seen.changes === 1)
  await writeFile(`${path}~`, 'c')
  await rename(`${path}~`, path)
  await waitUntil('the second change is noticed', () => seen.changes === 2)
  await writeFile(path, 'd')
  await waitUntil('the third change is noticed', () => seen.changes === 3)
  t.pass()
})

test('a file behind a link is noticed too', async t => {
  const folder = await temporaryFolder(t)
  const target = join(await temporaryFolder(t), 'real.toml')
  const path = join(folder, 'box.toml')
  await writeFile(target, 'a')
  await symlink(target, path)
  const seen = await watching(t, path)
  await writeFile(join(dirname(target), 'other'), 'b')
  await writeFile(target, 'b')
  await waitUntil('the change is noticed', () => seen.changes === 1)
  t.pass()
})
