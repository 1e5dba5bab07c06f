import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { startChild } from '../kit/child.ts'
import { quietVariables } from '../kit/command.ts'
import { sameContent, writeSampleAlbum } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const launcher = fileURLToPath(new URL('../../bin/p2pshare.js', import.meta.url))

/** The real command as a process of its own; `events` gives the lines of its --json. */
function run(t: ExecutionContext, home: string, args: string[]) {
  const env = { ...process.env, ...quietVariables, P2PSHARE_HOME: home }
  const child = startChild(t, process.execPath, [launcher, ...args, '--json'], { env })
  const events = (async function* () {
    for await (const line of createInterface({ input: child.stdout }))
      yield JSON.parse(line) as { event: string }
  })()
  return { child, events }
}

// Slow enough that none of the killed ones can come to its end: four seconds of it are half of the album.
test('a get that is killed again and again ends with the identical album', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t), 'album'))
  const swarm = await startSwarm(t, { uploadBytesPerSecond: 500_000 })
  const seed = await swarm.seed([album], { pieceLength: 32_768 })
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const args = ['get', seed.magnetLink, '-o', out, '--peer', addressOf(swarm), '--no-seed']
  for (const progressLines of [1, 2, 1]) {
    const { child, events } = run(t, home, args)
    let seen = 0
    for await (const { event } of events) if (event === 'progress' && ++seen >= progressLines) break
    process.kill(child.pid, 'SIGKILL')
    await child.exited
  }
  swarm.setLimits({})
  const { child, events } = run(t, home, args)
  const names: string[] = []
  for await (const { event } of events) names.push(event)
  t.is(await child.exited, 0, child.output())
  t.is(names.at(-1), 'done')
  await sameContent(t, join(out, 'album'), album)
})
