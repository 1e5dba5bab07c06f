import test from 'ava'
import { type Content, engines, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { QBittorrent } from '../kit/peers/qbittorrent.ts'

for (const engine of engines) {
  const options = { swarm: { engine } }
  for (const content of ['a single file', 'an album'] satisfies Content[]) {
    test(`qBittorrent, encrypted only, takes ${content} from us, by the ${engine} engine`, async t => {
      if (requireProgram(t, 'qbittorrent-nox'))
        await ourSeedTheirLeech(t, new QBittorrent(t), content, options)
    })

    test(`we take ${content} from qBittorrent, encrypted only, by the ${engine} engine`, async t => {
      if (requireProgram(t, 'qbittorrent-nox'))
        await theirSeedOurLeech(t, new QBittorrent(t), content, options)
    })
  }

  test(`qBittorrent that forbids encryption takes a single file from us, by the ${engine} engine`, async t => {
    if (!requireProgram(t, 'qbittorrent-nox')) return
    await ourSeedTheirLeech(t, new QBittorrent(t, { encryption: 'forbidden' }), 'a single file', options)
  })

  test(`we take a single file from qBittorrent that forbids encryption, by the ${engine} engine`, async t => {
    if (!requireProgram(t, 'qbittorrent-nox')) return
    await theirSeedOurLeech(t, new QBittorrent(t, { encryption: 'forbidden' }), 'a single file', options)
  })
}
