import test from 'ava'
import { type Content, engines, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { Libtorrent } from '../kit/peers/libtorrent.ts'

for (const engine of engines)
  for (const content of ['a single file', 'an album'] satisfies Content[])
    for (const format of ['v1', 'hybrid'] as const) {
      const options = { format, swarm: { engine } }
      test(`libtorrent takes ${content} from us as a ${format} torrent, by the ${engine} engine`, async t => {
        if (requireProgram(t, 'python3-libtorrent'))
          await ourSeedTheirLeech(t, new Libtorrent(t), content, options)
      })

      test(`we take ${content} from libtorrent as a ${format} torrent, by the ${engine} engine`, async t => {
        if (requireProgram(t, 'python3-libtorrent'))
          await theirSeedOurLeech(t, new Libtorrent(t), content, options)
      })
    }
