import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import { startCli } from '../kit/cli-child.ts'
import { loadEngines } from '../kit/engines.ts'
import { sameContent, writeSampleAlbum } from '../kit/sample-files.ts'
import { Random } from '../kit/simulation/random.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

/** A command needs about half a second to begin; killed before and long after that. */
const longestMs = 1_500

for (const { name, factory: engine } of await loadEngines()) {
  const kills = name === 'native' ? 20 : 4
  test(`${name}: a get that is killed at ${kills} random times ends with the identical album`, async t => {
    const album = await writeSampleAlbum(join(await temporaryFolder(t), 'album'))
    const swarm = await startSwarm(t, { engine, uploadBytesPerSecond: 150_000 })
    const seed = await swarm.seed([album], { pieceLength: 32_768 })
    const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
    const args = ['get', seed.magnetLink, '-o', out, '--peer', addressOf(swarm), '--no-seed']
    const random = new Random(kills)
    for (let kill = 0; kill < kills; kill++) {
      const child = startCli(t, args, { home, engine: name })
      const early = await Promise.race([delay(random.between(200, longestMs)), child.exited])
      t.is(early, undefined, child.output())
      process.kill(child.pid, 'SIGKILL')
      await child.exited
    }
    const sentBefore = seed.stats().uploadedBytes
    swarm.setLimits({})
    const child = startCli(t, args, { home, engine: name })
    t.is(await child.exited, 0, child.output())
    t.is(child.events().at(-1)?.event, 'done')
    await sameContent(t, join(out, 'album'), album)
    const size = seed.stats().sizeBytes
    t.true(seed.stats().uploadedBytes - sentBefore <= size + 200_000)
    t.log(`${sentBefore} of ${size} bytes were sent before the last run`)
  })
}
