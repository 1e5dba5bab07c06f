export interface TransmissionPlace {
  /** That it listens at, for peers and for the RPC. */
  readonly host: string
  readonly peerPort: number
  readonly rpcPort: number
}

/** Settings of a Transmission that finds nobody by itself. */
export function transmissionSettings({
  host,
  peerPort,
  rpcPort,
}: TransmissionPlace): Record<string, unknown> {
  return {
    'bind-address-ipv4': host,
    'dht-enabled': false,
    'lpd-enabled': false,
    'pex-enabled': false,
    'utp-enabled': false,
    'port-forwarding-enabled': false,
    'peer-port': peerPort,
    'peer-port-random-on-start': false,
    'rpc-bind-address': host,
    'rpc-port': rpcPort,
    'rpc-whitelist-enabled': false,
    'rpc-host-whitelist-enabled': false,
    'incomplete-dir-enabled': false,
    preallocation: 0,
  }
}
