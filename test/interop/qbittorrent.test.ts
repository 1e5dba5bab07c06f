import test from 'ava'
import { type Content, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { QBittorrent } from '../kit/peers/qbittorrent.ts'

for (const content of ['a single file', 'an album'] satisfies Content[]) {
  test(`qBittorrent, encrypted only, takes ${content} from us`, async t => {
    if (requireProgram(t, 'qbittorrent-nox')) await ourSeedTheirLeech(t, new QBittorrent(t), content)
  })

  test(`we take ${content} from qBittorrent, encrypted only`, async t => {
    if (requireProgram(t, 'qbittorrent-nox')) await theirSeedOurLeech(t, new QBittorrent(t), content)
  })
}

test('qBittorrent that forbids encryption takes a single file from us', async t => {
  if (!requireProgram(t, 'qbittorrent-nox')) return
  await ourSeedTheirLeech(t, new QBittorrent(t, { encryption: 'forbidden' }), 'a single file')
})

test('we take a single file from qBittorrent that forbids encryption', async t => {
  if (!requireProgram(t, 'qbittorrent-nox')) return
  await theirSeedOurLeech(t, new QBittorrent(t, { encryption: 'forbidden' }), 'a single file')
})
