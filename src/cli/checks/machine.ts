import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { fileSystemError, findHome, P2pShareError } from '../../core/index.ts'
import { formatSize } from '../format.ts'
import type { Check } from './check.ts'

const run = promisify(execFile)
const leastFreeBytes = 50_000_000
const comfortableFreeBytes = 1_000_000_000
const ffmpegTimeoutMs = 5_000

export function checkNode(): Check {
  return { name: 'Node', status: 'ok', detail: process.versions.node }
}

/** Looks for ffmpeg, which makes the poster frames of videos. */
export async function checkFfmpeg(signal: AbortSignal): Promise<Check> {
  const name = 'ffmpeg'
  try {
    const { stdout } = await run('ffmpeg', ['-version'], { signal, timeout: ffmpegTimeoutMs })
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'unknown version'
    return { name, status: 'ok', detail: version }
  } catch {
    signal.throwIfAborted()
    return {
      name,
      status: 'warn',
      detail: 'not found: videos get no poster frames, everything else works',
      remedy: 'Install ffmpeg with the package manager of your system',
    }
  }
}

/** Whether p2pshare can write where it keeps what is its own, and into the current folder. */
export async function checkFolders(home: string | undefined, cwd: string): Promise<Check[]> {
  const { config, data, state } = findHome(home)
  const places = [
    ['Settings', config],
    ['Data', data],
    ['State', state],
    ['This folder', cwd],
  ] as const
  return Promise.all(places.map(([name, path]) => checkWritable(name, path)))
}

async function checkWritable(name: string, path: string): Promise<Check> {
  try {
    await access(await nearestExisting(path), constants.W_OK)
    return { name, status: 'ok', detail: path }
  } catch (error) {
    const failure = fileSystemError(error, path, 'write')
    const remedy = `Make ${path} writable by you, or set P2PSHARE_HOME to a folder that is`
    return { name, status: 'fail', detail: `${path} cannot be written`, remedy, error: failure }
  }
}

/** What is free on the disk of a folder. */
export async function checkSpace(path: string): Promise<Check> {
  const name = 'Free space'
  const { bavail, bsize } = await statfs(await nearestExisting(path))
  const freeBytes = bavail * bsize
  const detail = `${formatSize(freeBytes)} on the disk of ${path}`
  if (freeBytes >= comfortableFreeBytes) return { name, status: 'ok', detail }
  const remedy = 'Free some space, or fetch to another disk with --out'
  if (freeBytes >= leastFreeBytes) return { name, status: 'warn', detail, remedy }
  return { name, status: 'fail', detail, remedy, error: new P2pShareError('ERR_DISK_FULL', detail) }
}

async function nearestExisting(path: string): Promise<string> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  return isThere || dirname(path) === path ? path : nearestExisting(dirname(path))
}
