import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Child, startChild } from '../child.ts'
import { freePort } from '../free-port.ts'
import type { Owner } from '../owner.ts'

/** How qBittorrent numbers its encryption setting. */
const encryptions = { preferred: 0, required: 1, forbidden: 2 } as const
export type QBittorrentEncryption = keyof typeof encryptions

export interface QBittorrentProcess {
  readonly child: Child
  /** Where its API is, without a slash at the end. */
  readonly api: string
  /** `host:port` that peers reach it at. */
  readonly address: string
}

/** Starts qbittorrent-nox on loopback, where it finds nobody by itself, on what it keeps in a folder. */
export async function startQBittorrent(
  owner: Owner,
  profile: string,
  encryption: QBittorrentEncryption,
): Promise<QBittorrentProcess> {
  const [port, apiPort] = [await freePort(), await freePort()]
  const folder = join(profile, 'qBittorrent/config')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'qBittorrent.conf'), settingsOf(port, apiPort, encryptions[encryption]))
  // Without a locale it writes and finds no name but those of ASCII.
  const env = { ...process.env, HOME: profile, LC_ALL: 'C.UTF-8' }
  const child = startChild(owner, 'qbittorrent-nox', [`--profile=${profile}`], { env })
  return { child, api: `http://127.0.0.1:${apiPort}/api/v2`, address: `127.0.0.1:${port}` }
}

function settingsOf(port: number, apiPort: number, encryption: number): string {
  return `[LegalNotice]
Accepted=true
[Network]
PortForwardingEnabled=false
[Preferences]
Connection\\ResolvePeerCountries=false
Connection\\UPnP=false
WebUI\\Address=127.0.0.1
WebUI\\Port=${apiPort}
WebUI\\LocalHostAuth=false
WebUI\\UseUPnP=false
[BitTorrent]
Session\\Port=${port}
Session\\Interface=lo
Session\\InterfaceAddress=127.0.0.1
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\BTProtocol=TCP
Session\\Encryption=${encryption}
Session\\MultiConnectionsPerIp=true
Session\\Preallocation=false
Session\\QueueingSystemEnabled=false
`
}
