export interface QBittorrentConfig {
  readonly port: number
  readonly apiPort: number
  /** 0 preferred, 1 required, 2 forbidden. */
  readonly encryption: number
}

/** A settings file of qBittorrent on loopback, which finds nobody by itself. */
export function qbittorrentConfig({ port, apiPort, encryption }: QBittorrentConfig): string {
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
