import test from 'ava'
import type { EncryptionPolicy, SwarmInit } from '../../src/swarm/index.ts'
import { ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { Libtorrent } from '../kit/peers/libtorrent.ts'
import { QBittorrent } from '../kit/peers/qbittorrent.ts'

const ourSide = (encryption: EncryptionPolicy) => {
  const swarm: SwarmInit = { engine: 'native', encryption }
  return { swarm }
}

/** Whichever two can come together. */
for (const [ours, theirs] of [
  ['require', 'required'],
  ['require', 'preferred'],
  ['prefer', 'required'],
  ['prefer', 'preferred'],
  ['prefer', 'forbidden'],
  ['off', 'preferred'],
  ['off', 'forbidden'],
] as const) {
  test(`libtorrent, encryption ${theirs}, takes a file from us with ${ours}`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    await ourSeedTheirLeech(t, new Libtorrent(t, { encryption: theirs }), 'a single file', ourSide(ours))
  })

  test(`we take a file with ${ours} from libtorrent, encryption ${theirs}`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    await theirSeedOurLeech(t, new Libtorrent(t, { encryption: theirs }), 'a single file', ourSide(ours))
  })
}

for (const [ours, theirs] of [
  ['require', 'required'],
  ['prefer', 'required'],
  ['prefer', 'forbidden'],
] as const) {
  test.serial(`qBittorrent, encryption ${theirs}, takes a file from us with ${ours}`, async t => {
    if (!requireProgram(t, 'qbittorrent-nox')) return
    await ourSeedTheirLeech(t, new QBittorrent(t, { encryption: theirs }), 'a single file', ourSide(ours))
  })

  test.serial(`we take a file with ${ours} from qBittorrent, encryption ${theirs}`, async t => {
    if (!requireProgram(t, 'qbittorrent-nox')) return
    await theirSeedOurLeech(t, new QBittorrent(t, { encryption: theirs }), 'a single file', ourSide(ours))
  })
}
