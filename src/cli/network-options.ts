import type { Command } from 'commander'
import type { EncryptionPolicy, EngineName, SwarmInit } from '../swarm/index.ts'
import { choice, option, port, rate, repeatable, wholeNumber } from './options.ts'

/** How a command is told to reach others. */
export interface NetworkFlags {
  port?: number
  dht: boolean
  lsd: boolean
  pex: boolean
  nat: boolean
  dhtBootstrap?: string[]
  lsdInterface?: string[]
  engine?: EngineName
  encryption?: EncryptionPolicy
  maxPeers?: number
  maxConnections?: number
  uploadLimit?: number
  downloadLimit?: number
}

const engines: readonly EngineName[] = ['native', 'webtorrent']
const encryptionPolicies: readonly EncryptionPolicy[] = ['prefer', 'require', 'off']

export function defineNetwork(command: Command): void {
  command
    .addOption(port())
    .addOption(option('--no-dht', 'do not use the DHT'))
    .addOption(option('--no-lsd', 'do not look for peers in the local network'))
    .addOption(option('--no-pex', 'do not exchange peers with peers'))
    .addOption(option('--no-nat', 'do not ask the router to let peers in (UPnP, NAT-PMP)'))
    .addOption(repeatable('--dht-bootstrap <host:port>', 'DHT node to start from instead of the usual ones'))
    .addOption(repeatable('--lsd-interface <address>', 'look for local peers on this interface only'))
    .addOption(choice('--encryption <when>', 'encrypt connections to peers', encryptionPolicies))
    .addOption(choice('--engine <engine>', 'what speaks to peers', engines))
}

export function hasNetwork({ options }: Command): boolean {
  return options.some(({ long }) => long === '--no-dht')
}

/** The same for a command that uses no network: scripts may give these options to every command. */
export function acceptNetwork(command: Command): void {
  const known = command.options.length
  defineNetwork(command)
  for (const option of command.options.slice(known)) option.hideHelp()
}

export function defineLimits(command: Command): void {
  command
    .addOption(rate('--upload-limit <rate>', 'send at most so much a second, such as 500K'))
    .addOption(rate('--download-limit <rate>', 'receive at most so much a second, such as 2M'))
    .addOption(wholeNumber('--max-peers <count>', 'connect to at most so many peers of a torrent', 1, 10_000))
    .addOption(
      wholeNumber(
        '--max-connections <count>',
        'connect to at most so many peers of all torrents',
        1,
        100_000,
      ),
    )
}

/** What the flags ask of `Swarm.start`. */
export function swarmInit(flags: NetworkFlags, home: string | undefined): SwarmInit {
  const { dhtBootstrap, lsdInterface } = flags
  return {
    ...(home ? { home } : {}),
    ...(flags.port === undefined ? {} : { port: flags.port }),
    dht: flags.dht && dhtBootstrap ? { bootstrap: dhtBootstrap.filter(Boolean) } : flags.dht,
    lsd: flags.lsd && lsdInterface ? { interfaces: lsdInterface.filter(Boolean) } : flags.lsd,
    pex: flags.pex,
    nat: flags.nat,
    ...(flags.engine ? { engine: flags.engine } : {}),
    ...(flags.encryption ? { encryption: flags.encryption } : {}),
    ...(flags.maxPeers === undefined ? {} : { maxPeers: flags.maxPeers }),
    ...(flags.maxConnections === undefined ? {} : { maxConnections: flags.maxConnections }),
    ...(flags.uploadLimit === undefined ? {} : { uploadBytesPerSecond: flags.uploadLimit }),
    ...(flags.downloadLimit === undefined ? {} : { downloadBytesPerSecond: flags.downloadLimit }),
  }
}

/** What was asked for alone, where settings say the rest: a way of finding peers that is not switched off here is as they have it. */
export function askedNetwork(flags: NetworkFlags): SwarmInit {
  const asked = Object.entries(swarmInit(flags, undefined)).filter(([, value]) => value !== true)
  return Object.fromEntries(asked)
}
