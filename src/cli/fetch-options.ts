import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { GetOptions } from '../swarm/index.ts'
import type { Env } from './env.ts'
import { duration, option, repeatable } from './options.ts'

/** How a command is told to fetch a torrent. */
export interface FetchFlags {
  out?: string
  peer?: string[]
  announce?: string[]
  allowPrivate?: boolean
  timeout?: number
}

export function defineFetching(command: Command): void {
  command
    .addOption(option('-o, --out <folder>', 'folder to put it in (default: the current one)'))
    .addOption(repeatable('--peer <host:port>', 'try this peer'))
    .addOption(repeatable('-a, --announce <url>', 'ask this tracker too'))
    .addOption(option('--allow-private', 'contact private addresses that the link names, too'))
    .addOption(duration('--timeout <duration>', 'give up when nothing arrives for so long'))
}

/** What the flags ask of `Swarm.get`. */
export function fetchOptions(env: Env, flags: FetchFlags): GetOptions {
  return {
    out: resolve(env.cwd, flags.out ?? '.'),
    peers: flags.peer,
    trackers: flags.announce,
    allowPrivateAddresses: flags.allowPrivate,
    signal: env.signal,
  }
}
