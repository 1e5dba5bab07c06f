import type { Command } from 'commander'
import type { CreateOptions } from '../core/index.ts'
import { choice, option, repeatable, size } from './options.ts'

/** How `seed`, `create` and `publish` are asked to make a torrent. */
export interface CreationFlags {
  name?: string
  pieceSize?: number
  announce?: string[]
  webSeed?: string[]
  comment?: string
  include?: string[]
  exclude?: string[]
  hidden?: boolean
  format?: 'v1' | 'hybrid' | 'v2'
  private?: boolean
}

export function defineCreation(
  command: Command,
  argument = '<path...>',
  meaning = 'files and folders; one file makes a single-file torrent, anything else an album',
): void {
  command
    .argument(argument, meaning)
    .addOption(option('-n, --name <name>', 'the name that others see'))
    .addOption(
      size('--piece-size <size>', 'piece size, a power of two such as 256K (default: chosen by size)'),
    )
    .addOption(repeatable('-a, --announce <url>', 'tracker to announce to'))
    .addOption(repeatable('-w, --web-seed <url>', 'address of an HTTP server that has the same files'))
    .addOption(option('--comment <text>', 'comment to put into the torrent'))
    .addOption(repeatable('--include <glob>', 'take only files that match'))
    .addOption(repeatable('--exclude <glob>', 'leave out files that match'))
    .addOption(option('--hidden', 'take hidden files too'))
    .addOption(choice('--format <format>', 'torrent format', ['v1', 'hybrid', 'v2']))
    .addOption(option('--private', 'only the torrent’s own trackers may be told of it'))
}

/** What the flags ask of `createTorrent`; what was not given is not set. */
export function creationOptions(flags: CreationFlags, cwd: string): CreateOptions {
  const options: CreateOptions = {
    cwd,
    name: flags.name,
    pieceLength: flags.pieceSize,
    announce: flags.announce,
    webSeeds: flags.webSeed,
    comment: flags.comment,
    include: flags.include,
    exclude: flags.exclude,
    hidden: flags.hidden,
    format: flags.format,
    isPrivate: flags.private,
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
