import test from 'ava'
import { type Content, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { Aria2 } from '../kit/peers/aria2.ts'

for (const content of ['a single file', 'an album'] satisfies Content[]) {
  test(`aria2 takes ${content} from us`, async t => {
    if (requireProgram(t, 'aria2c')) await ourSeedTheirLeech(t, new Aria2(t), content)
  })

  test(`we take ${content} from aria2`, async t => {
    if (requireProgram(t, 'aria2c')) await theirSeedOurLeech(t, new Aria2(t), content)
  })
}
