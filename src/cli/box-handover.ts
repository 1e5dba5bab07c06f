import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AddedTransfer, BoxClient, TransferChange, TransferView, WorkOptions } from '../box/index.ts'
import { P2pShareError } from '../core/index.ts'
import { type CreationFlags, creationOptions } from './creation-options.ts'
import type { Env } from './env.ts'
import { option } from './options.ts'
import type { SeedingFlags } from './seeding.ts'

/** Whether a command leaves the rest to the box that runs here; limits and goals are the transfer's own there. */
export interface HandoverFlags extends SeedingFlags {
  box?: boolean
  uploadLimit?: number
  downloadLimit?: number
}

export function defineHandover(command: Command): void {
  command.addOption(option('--box', 'leave the rest to the box that runs here'))
}

/** Making a torrent takes a swarm for what it remembers, and nobody has to hear of it. */
export const offline = { dht: false, lsd: false, pex: false, nat: false, port: 0 }

/** Lets the box share files. It hashes nothing that was just hashed with the same options. */
export async function handOverFiles(
  box: BoxClient,
  paths: readonly string[],
  flags: HandoverFlags & CreationFlags & { location?: 'keep' | 'strip' },
  env: Env,
  work: WorkOptions = { signal: env.signal },
): Promise<TransferView> {
  const { cwd, ...options } = creationOptions(flags, env.cwd)
  const { announce, webSeeds, include, exclude, ...others } = options
  const lists = { announce, webSeeds, include, exclude }
  const given = Object.entries(lists).flatMap(([name, list]) => (list ? [[name, [...list].flat()]] : []))
  const view = await box.share(
    {
      ...others,
      ...Object.fromEntries(given),
      paths: paths.map(path => resolve(env.cwd, path)),
      location: flags.location,
    },
    work,
  )
  return applyTerms(box, view, flags, env)
}

/** Lets the box fetch something, by its link or its .torrent. */
export async function handOverTorrent(
  box: BoxClient,
  id: string | Uint8Array,
  flags: HandoverFlags & { out?: string; peer?: string[]; select?: string[] },
  env: Env,
): Promise<AddedTransfer> {
  const { out, peer: peers, select } = flags
  const what = typeof id === 'string' ? { id } : { torrent: id }
  const folder = out === undefined ? undefined : resolve(env.cwd, out)
  const view = await box.add({ ...what, folder, peers, select }, { signal: env.signal })
  return { ...(await applyTerms(box, view, flags, env)), isNew: view.isNew }
}

/** @throws {P2pShareError} `ERR_USAGE` for options that the box has no use for */
export function refuseWithBox(isGiven: Readonly<Record<string, boolean>>): void {
  for (const [name, isThere] of Object.entries(isGiven))
    if (isThere) throw new P2pShareError('ERR_USAGE', `${name} does not go with --box`)
}

async function applyTerms(
  box: BoxClient,
  view: TransferView,
  { uploadLimit, downloadLimit, seedRatio, seedTime }: HandoverFlags,
  { signal }: Env,
): Promise<TransferView> {
  const seedSecondsGoal = seedTime === undefined ? undefined : seedTime / 1000
  const terms: TransferChange = { uploadLimit, downloadLimit, ratioGoal: seedRatio, seedSecondsGoal }
  const isAny = Object.values(terms).some(value => value !== undefined)
  return isAny ? box.change(`${view.id}`, terms, { signal }) : view
}
