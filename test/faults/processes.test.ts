import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readdir, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { startCli } from '../kit/cli-child.ts'
import { completed } from '../kit/completed.ts'
import { loadEngines } from '../kit/engines.ts'
import { findProgram, requireThat } from '../kit/external.ts'
import { sameContent, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const run = promisify(execFile)
const clipBytes = 3_000_001

for (const { name, factory: engine } of await loadEngines()) {
  test(`${name}: SIGTERM ends a command within five seconds, though a tracker is silent and peers are served`, async t => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    t.teardown(() => void silent.close())
    const { port: trackerPort } = silent.address() as { port: number }
    const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), clipBytes)
    const announce = `http://127.0.0.1:${trackerPort}/announce`
    const args = ['seed', path, '--announce', announce, '--upload-limit', '200K']
    const child = startCli(t, args, { home: await temporaryFolder(t), engine: name })
    const { port, magnet } = await child.event('seeding')
    const swarm = await startSwarm(t, { engine })
    const copy = await swarm.get(String(magnet).replace(/&tr=[^&]*/g, ''), {
      out: await temporaryFolder(t),
      peers: [`127.0.0.1:${port}`],
    })
    await waitUntil('it is being served', () => copy.stats().haveBytes > 0, { state: () => copy.stats() })
    const started = performance.now()
    process.kill(child.pid, 'SIGTERM')
    t.is(await child.exited, 130)
    t.true(performance.now() - started < 5_000, `${performance.now() - started} ms`)
  })

  test(`${name}: a file-size limit pauses a get, and lifted lets it end identical`, async t => {
    if (!requireThat(t, findProgram('prlimit') !== undefined, 'prlimit is not installed')) return
    const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), clipBytes)
    const swarm = await startSwarm(t, { engine })
    const seed = await swarm.seed(path, { pieceLength: 32_768 })
    const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
    const args = ['get', seed.magnetLink, '-o', out, '--peer', addressOf(swarm), '--no-seed']
    const child = startCli(t, args, { home, engine: name, wrapper: ['prlimit', '--fsize=1000000:unlimited'] })
    await waitUntil(
      'it pauses',
      () => child.events().some(({ event, state }) => event === 'progress' && state === 'paused'),
      {
        state: child.output,
      },
    )
    await run('prlimit', ['--pid', String(child.pid), '--fsize=unlimited'])
    t.is(await child.exited, 0, child.output())
    await sameContent(t, join(out, 'clip.avi'), path)
  })

  test(`${name}: the same torrent added twice at once is one transfer, and the same folder seeded twice too`, async t => {
    const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), clipBytes)
    const swarm = await startSwarm(t, { engine })
    const [one, two] = await Promise.all([swarm.seed(path), swarm.seed(path)])
    t.is(one, two)
    const other = await startSwarm(t, { engine })
    const options = { out: await temporaryFolder(t), peers: [addressOf(swarm)] }
    const copies = await Promise.all(
      [one.magnetLink, one.infoHash, one.metainfo!.bytes].map(id => other.get(id, options)),
    )
    t.is(new Set(copies).size, 1)
    await completed(copies[0]!)
    await sameContent(t, copies[0]!.path!, path)
  })

  test(`${name}: a demanded port that is taken is an error that leaves nothing open`, async t => {
    const first = await startSwarm(t, { engine })
    const { port } = first
    await t.throwsAsync(startSwarm(t, { engine, port }), { code: 'ERR_PORT_TAKEN' })
    await first.stop()
    t.is((await startSwarm(t, { engine, port })).port, port)
  })

  for (const [what, harm] of Object.entries({
    'cut short': (file: string) => truncate(file, 20),
    emptied: (file: string) => truncate(file, 0),
    'turned into noise': (file: string) => writeFile(file, Buffer.alloc(500, 0xa7)),
  }))
    test(`${name}: a record of what is held that was ${what} costs no more than a look at the files`, async t => {
      const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), clipBytes)
      const source = await startSwarm(t, { engine })
      const seed = await source.seed(path)
      const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
      const first = await startSwarm(t, { engine, home })
      await completed(await first.get(seed.metainfo!, { out, peers: [addressOf(source)] }))
      await first.stop()
      const files = await readdir(home, { recursive: true, withFileTypes: true })
      const records = files.filter(file => file.isFile() && file.parentPath.includes('transfers'))
      t.true(records.length > 0)
      for (const file of records) await harm(join(file.parentPath, file.name))
      const again = await startSwarm(t, { engine, home })
      const copy = await again.get(seed.metainfo!, { out, peers: [addressOf(source)] })
      await completed(copy)
      await sameContent(t, copy.path!, path)
    })
}
