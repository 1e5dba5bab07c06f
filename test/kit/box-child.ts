import { join } from 'node:path'
import { BoxClient } from '../../src/box/index.ts'
import { type CliChild, type CliOptions, startCli } from './cli-child.ts'
import type { Owner } from './owner.ts'

/** A box in a process of its own, which has the client that steers it. */
export interface BoxChild extends CliChild {
  readonly url: string
  readonly client: BoxClient
}

/** Starts a box at any free port, and waits until it answers. */
export async function spawnBox(owner: Owner, options: Omit<CliOptions, 'engine'>): Promise<BoxChild> {
  const child = startCli(owner, ['box', 'start', '--listen', '127.0.0.1:0'], { engine: 'native', ...options })
  const { url } = await child.event('listening')
  return { ...child, url: String(url), client: await BoxClient.find(options.home) }
}

/** Where the settings of a box are. */
export function boxConfigPath(home: string): string {
  return join(home, 'config', 'box.toml')
}
