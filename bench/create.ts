import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readTorrent } from '../src/core/index.ts'
import { findProgram } from '../test/kit/external.ts'
import { writeSampleFile } from '../test/kit/sample-files.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { type MeasuredRun, measureRun } from './measured-run.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024
const photoBytes = 500_000

interface Task {
  readonly title: string
  readonly path: string
  readonly pieceLength: number
}

interface Maker {
  readonly name: string
  /** What has to be installed, where something has. */
  readonly program?: string
  readonly makesV1: boolean
  /** The command that makes a torrent, and what it is given. */
  readonly command: (task: Task, torrent: string) => readonly [command: string, ...parameters: string[]]
}

const script = (name: string) => fileURLToPath(new URL(`clients/${name}`, import.meta.url))

const ours = (format: 'v1' | 'hybrid'): Maker['command'] => {
  return ({ path, pieceLength }, torrent) => {
    return [process.execPath, script('create-with-p2pshare.js'), path, String(pieceLength), format, torrent]
  }
}

const makers: readonly Maker[] = [
  { name: 'p2pshare', makesV1: true, command: ours('v1') },
  { name: 'p2pshare, hybrid', makesV1: false, command: ours('hybrid') },
  {
    name: 'mktorrent -t2',
    program: 'mktorrent',
    makesV1: true,
    command: ({ path, pieceLength }, torrent) => {
      const exponent = String(Math.log2(pieceLength))
      return ['mktorrent', '-t2', '-l', exponent, '-a', 'http://127.0.0.1/', '-o', torrent, path]
    },
  },
  {
    name: 'create-torrent',
    makesV1: true,
    command: ({ path, pieceLength }, torrent) => {
      return [process.execPath, script('create-with-package.js'), path, String(pieceLength), torrent]
    },
  },
  {
    name: 'libtorrent',
    program: 'python3-libtorrent',
    makesV1: true,
    command: ({ path, pieceLength }, torrent) => {
      const python = findProgram('python3-libtorrent')!
      return [python, script('create_with_libtorrent.py'), path, String(pieceLength), torrent]
    },
  },
]

/**
 * Making a torrent of one large file and of an album of photos: whole processes, start-up included, content in the
 * page cache, the makers in turn. Ours is the built package. All that make v1 have to arrive at the same info-hash.
 */
export default async function measureCreate({ quick }: BenchOptions): Promise<Measurement[]> {
  await using all = new Teardown()
  const folder = await temporaryFolder(all, 'bench')
  const tasks = [await writeFilm(folder, quick), await writeAlbum(folder, quick)]
  execFileSync('sync')
  const present = makers.filter(({ program }) => !program || findProgram(program))
  for (const { name } of makers.filter(maker => !present.includes(maker)))
    console.log(`${name} is not installed: left out`)

  const measurements: Measurement[] = []
  for (const task of tasks) {
    const runs = new Map(present.map(({ name }): [string, MeasuredRun[]] => [name, []]))
    for (let round = 0; round < (quick ? 1 : 5); round++)
      for (const { name, run } of await runAll(present, task, folder)) runs.get(name)!.push(run)
    const figures = (what: string, unit: Measurement['unit'], figure: (run: MeasuredRun) => number) =>
      present.map(({ name }) => measurement(what, name, unit, runs.get(name)!.map(figure)))
    measurements.push(
      ...figures(task.title, 's', run => run.wallSeconds),
      ...figures(`${task.title}: processor`, 'CPU s', run => run.cpuSeconds),
      ...figures(`${task.title}: peak memory`, 'MB', run => run.peakMemoryBytes / 1e6),
    )
  }
  return measurements
}

/** Each maker once. */
async function runAll(present: readonly Maker[], task: Task, folder: string) {
  const torrent = join(folder, 'made.torrent')
  const done: { name: string; run: MeasuredRun }[] = []
  let expected: string | undefined
  for (const { name, makesV1, command } of present) {
    const [program, ...parameters] = command(task, torrent)
    done.push({ name, run: await measureRun(program, parameters) })
    const { infoHash } = await readTorrent(torrent)
    await rm(torrent)
    if (makesV1) expected ??= infoHash
    if (makesV1 && infoHash !== expected) throw new Error(`${name} made ${infoHash} instead of ${expected}`)
  }
  return done
}

async function writeFilm(folder: string, quick: boolean): Promise<Task> {
  const sizeBytes = (quick ? 64 : 2048) * mebibyte
  const path = await writeSampleFile(join(folder, 'film.avi'), sizeBytes, 'film')
  return { title: `create, ${sizeBytes / mebibyte} MiB`, path, pieceLength: 2 * mebibyte }
}

async function writeAlbum(folder: string, quick: boolean): Promise<Task> {
  const count = quick ? 100 : 2000
  const path = join(folder, 'album')
  for (let index = 0; index < count; index++)
    await writeSampleFile(
      join(path, `IMG_${String(index).padStart(4, '0')}.jpg`),
      photoBytes,
      `photo ${index}`,
    )
  return { title: `create, ${count} photos of 500 KB`, path, pieceLength: mebibyte }
}
