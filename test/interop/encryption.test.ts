import test, { type ExecutionContext } from 'ava'
import type { EncryptionPolicy, SwarmInit } from '../../src/swarm/index.ts'
import { ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import type { ExternalPeer } from '../kit/peers/external-peer.ts'
import { Libtorrent } from '../kit/peers/libtorrent.ts'
import { QBittorrent } from '../kit/peers/qbittorrent.ts'

type Theirs = 'required' | 'preferred' | 'forbidden'

const peers: Record<
  string,
  { program: string; make: (t: ExecutionContext, encryption: Theirs) => ExternalPeer }
> = {
  libtorrent: {
    program: 'python3-libtorrent',
    make: (t, encryption) => new Libtorrent(t, { encryption }),
  },
  qBittorrent: {
    program: 'qbittorrent-nox',
    make: (t, encryption) => new QBittorrent(t, { encryption }),
  },
}

/** Whichever two can come together. */
const pairs: readonly (readonly [EncryptionPolicy, Theirs])[] = [
  ['require', 'required'],
  ['require', 'preferred'],
  ['prefer', 'required'],
  ['prefer', 'preferred'],
  ['prefer', 'forbidden'],
  ['off', 'preferred'],
  ['off', 'forbidden'],
]

for (const [name, { program, make }] of Object.entries(peers))
  for (const [ours, theirs] of pairs) {
    const swarm: SwarmInit = { engine: 'native', encryption: ours }
    const who = `${name}, with encryption ${theirs},`

    test(`${who} takes a file from us, with ${ours}`, async t => {
      if (requireProgram(t, program)) await ourSeedTheirLeech(t, make(t, theirs), 'a single file', { swarm })
    })

    test(`we take a file, with ${ours}, from ${who.slice(0, -1)}`, async t => {
      if (requireProgram(t, program)) await theirSeedOurLeech(t, make(t, theirs), 'a single file', { swarm })
    })
  }
