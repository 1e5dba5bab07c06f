import test from 'ava'
import { type Content, engines, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { Aria2 } from '../kit/peers/aria2.ts'

for (const engine of engines)
  for (const content of ['a single file', 'an album'] satisfies Content[]) {
    test(`aria2 takes ${content} from us, by the ${engine} engine`, async t => {
      if (requireProgram(t, 'aria2c'))
        await ourSeedTheirLeech(t, new Aria2(t), content, { swarm: { engine } })
    })

    test(`we take ${content} from aria2, by the ${engine} engine`, async t => {
      if (requireProgram(t, 'aria2c'))
        await theirSeedOurLeech(t, new Aria2(t), content, { swarm: { engine } })
    })
  }
