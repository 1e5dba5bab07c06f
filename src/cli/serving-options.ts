import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CatalogServerInit } from '../catalog/index.ts'
import { fileSystemError, findHome, P2pShareError } from '../core/index.ts'
import { type DatabaseFlags, databaseLocation, defineDatabase } from './database-option.ts'
import { type Env, homeOf } from './env.ts'
import { type NetworkFlags, swarmInit } from './network-options.ts'
import { option, repeatable, wholeNumber } from './options.ts'
import { readSecretFile } from './passphrase.ts'

/** How `catalog serve` is told to run a web site. */
export interface ServingFlags extends DatabaseFlags, NetworkFlags {
  listen?: string
  publicUrl?: string
  name?: string
  description?: string
  aboutFile?: string
  contact?: string
  tracker?: boolean
  trackerOpen?: boolean
  trackerUdp?: number
  trustedProxy?: string[]
  torznabKeyFile?: string
  allowPrivate?: boolean
}

const defaultListen = '127.0.0.1:8480'
const maxAboutBytes = 100_000

export function defineServing(command: Command): void {
  command.addOption(option('--listen <host:port>', `where to listen (default: ${defaultListen})`))
  defineDatabase(command)
  command
    .addOption(option('--public-url <url>', 'where people reach it, such as https://zoo.example.org'))
    .addOption(option('--name <name>', 'of the site and of its catalog'))
    .addOption(option('--description <text>', 'one sentence on what it is about'))
    .addOption(option('--about-file <file>', 'text of the about page'))
    .addOption(option('--contact <address>', 'e-mail or web address for complaints'))
    .addOption(option('--tracker', 'run a tracker too, for what is listed'))
    .addOption(option('--tracker-open', 'let the tracker serve what is not listed as well'))
    .addOption(wholeNumber('--tracker-udp <port>', 'its UDP port, 0 for none (default: the same)', 0, 65_535))
    .addOption(repeatable('--trusted-proxy <address>', 'believe X-Forwarded-For of this proxy or network'))
    .addOption(option('--torznab-key-file <file>', 'key that Torznab clients have to give'))
    .addOption(option('--allow-private', 'ask trackers at private addresses too'))
}

/**
 * What the flags and the environment ask of `createCatalogServer`. Secrets come from files and from the environment:
 * `P2PSHARE_TORZNAB_KEY`, and those of the mail server.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`, `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function servingInit(flags: ServingFlags, env: Env): Promise<CatalogServerInit> {
  const { loadMailSettings } = await import('../catalog/index.ts')
  const home = homeOf(env)
  const { publicUrl, name, description, contact, trustedProxy, allowPrivate } = flags
  return {
    home,
    database: databaseLocation(flags, env),
    ...readListen(flags.listen ?? defaultListen),
    ...{ publicUrl, name, description, contact },
    about: flags.aboutFile === undefined ? undefined : await readAbout(resolve(env.cwd, flags.aboutFile)),
    smtp: await loadMailSettings(env.variables, findHome(home)),
    swarm: swarmInit(flags, home),
    tracker: trackerOf(flags),
    trustedProxies: trustedProxy,
    torznabApiKey: await torznabKeyOf(flags, env),
    allowPrivateAddresses: allowPrivate,
    now: () => env.clock.now(),
    signal: env.signal,
  }
}

/** `127.0.0.1:8480`, `[::1]:8480`, `localhost:0`, `:8480` or a bare port. */
function readListen(text: string): { host: string; port: number } {
  const [, host = '', digits] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? []
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const port = Number(digits)
  const isHost = bare === '' || isIP(bare) !== 0 || /^[a-z0-9.-]+$/i.test(bare)
  if (port <= 65_535 && isHost) return { host: bare || '127.0.0.1', port }
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `--listen: "${text.slice(0, 100)}" is no address and port, such as ${defaultListen}`,
  )
}

function trackerOf({ tracker, trackerOpen, trackerUdp }: ServingFlags): CatalogServerInit['tracker'] {
  if (!tracker && !trackerOpen && trackerUdp === undefined) return false
  const udpPort = trackerUdp === 0 ? false : trackerUdp
  return { isOpen: trackerOpen, udpPort }
}

async function torznabKeyOf(
  { torznabKeyFile }: ServingFlags,
  { cwd, variables }: Env,
): Promise<string | undefined> {
  if (torznabKeyFile !== undefined) return readSecretFile(resolve(cwd, torznabKeyFile))
  return variables.P2PSHARE_TORZNAB_KEY || undefined
}

async function readAbout(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > maxAboutBytes)
      throw new P2pShareError('ERR_UNREADABLE_FILE', `${path} is larger than ${maxAboutBytes} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    throw fileSystemError(error, path, 'read')
  }
}
