import { findProgram } from '../../test/kit/external.ts'
import type { Owner } from '../../test/kit/owner.ts'
import { Aria2 } from '../../test/kit/peers/aria2.ts'
import type { ExternalPeer } from '../../test/kit/peers/external-peer.ts'
import { Libtorrent } from '../../test/kit/peers/libtorrent.ts'
import { QBittorrent } from '../../test/kit/peers/qbittorrent.ts'
import { NodePeer } from '../clients/node-peer.ts'

interface Client {
  /** What has to be installed, where something has. */
  readonly program?: string
  /** With RC4 alone, or with what the client does of itself. */
  readonly make: (
    owner: Owner,
    isEncrypted: boolean,
  ) => ExternalPeer & {
    connect?: (peer: string) => Promise<void>
  }
}

const clients = {
  p2pshare: {
    make: (owner, isEncrypted) =>
      new NodePeer(owner, 'p2pshare', isEncrypted ? { encryption: 'require' } : {}),
  },
  libtorrent: {
    program: 'python3-libtorrent',
    make: (owner, isEncrypted) =>
      new Libtorrent(owner, { encryption: isEncrypted ? 'required' : 'preferred' }),
  },
  aria2: { program: 'aria2c', make: owner => new Aria2(owner) },
  webtorrent: { make: owner => new NodePeer(owner, 'webtorrent') },
  qbittorrent: { program: 'qbittorrent-nox', make: owner => new QBittorrent(owner) },
} as const satisfies Record<string, Client>

export type ClientName = keyof typeof clients

export function makeClient(owner: Owner, name: ClientName, isEncrypted: boolean): ReturnType<Client['make']> {
  return (clients[name] as Client).make(owner, isEncrypted)
}

/** Whether this machine has it; where not, says so. */
export function isInstalled(name: ClientName): boolean {
  const { program } = clients[name] as Client
  return program === undefined || findProgram(program) !== undefined
}
