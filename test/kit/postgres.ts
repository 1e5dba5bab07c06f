import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ExecutionContext, TestFn } from 'ava'
import pg from 'pg'
import { startChild } from './child.ts'
import { findProgram, requireThat } from './external.ts'
import type { Owner } from './owner.ts'
import { waitUntil } from './wait-until.ts'

const execute = promisify(execFile)
/** Where Debian's package puts programs that are in no PATH, a folder a version. */
const debianFolder = '/usr/lib/postgresql'
/** The user and group `nobody` of Debian: PostgreSQL refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 }

/** A PostgreSQL of its own, reached through a socket in a folder of its own. */
export interface Postgres {
  /** The location of a new, empty database. */
  newDatabase(): Promise<string>
}

/** Whether PostgreSQL is there; see `requireProgram`. */
export async function requirePostgres(t: ExecutionContext): Promise<boolean> {
  return requireThat(t, (await programFolder()) !== undefined, 'postgresql is not installed')
}

/**
 * One PostgreSQL for all tests of a file. Answers the location of a new database, or `undefined` where it is not installed
 * and the test is to end; see `requireProgram`.
 */
export function postgresOfFile(test: TestFn): (t: ExecutionContext) => Promise<string | undefined> {
  const undo: (() => void | PromiseLike<void>)[] = []
  let postgres: Postgres | undefined
  test.before(async () => {
    postgres = await startPostgres({ teardown: step => void undo.unshift(step) })
  })
  test.after.always(async () => {
    for (const step of undo) await step()
  })
  return async t =>
    requireThat(t, postgres !== undefined, 'postgresql is not installed')
      ? postgres!.newDatabase()
      : undefined
}

/** Starts a PostgreSQL that ends with its owner; `undefined` where it is not installed. */
export async function startPostgres(owner: Owner): Promise<Postgres | undefined> {
  const programs = await programFolder()
  if (programs === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'p2pshare-pg-'))
  owner.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(folder, nobody.uid, nobody.gid)
  await chmod(folder, 0o700)
  const data = join(folder, 'data')
  const drop = [
    ...['setpriv', `--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups'],
    ...['--pdeathsig', 'QUIT'],
  ]
  const asNobody = (program: string, args: string[]): [string, string[]] =>
    isRoot ? [drop[0]!, [...drop.slice(1), program, ...args]] : [program, args]
  const cluster = [
    '--auth=trust',
    '--username=test',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--pgdata',
    data,
  ]
  await execute(...asNobody(join(programs, 'initdb'), cluster), { cwd: folder })
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '128MB',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = startChild(owner, ...asNobody(join(programs, 'postgres'), ['-D', data, ...options]), {
    cwd: folder,
  })
  const locationOf = (database: string) =>
    `postgres://test@localhost/${database}?host=${encodeURIComponent(folder)}`
  await waitUntil('PostgreSQL answers', () => query(locationOf('postgres'), 'select 1'), {
    state: server.output,
  })
  return {
    async newDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`
      await query(locationOf('postgres'), `create database ${name}`)
      return locationOf(name)
    },
  }
}

async function query(location: string, text: string): Promise<true> {
  const client = new pg.Client({ connectionString: location })
  await client.connect()
  try {
    await client.query(text)
    return true
  } finally {
    await client.end()
  }
}

async function programFolder(): Promise<string | undefined> {
  if (process.getuid?.() === 0 && !findProgram('setpriv')) return undefined
  const versions = await readdir(debianFolder).catch(() => [])
  const [newest] = versions
    .filter(version => /^\d+$/.test(version))
    .sort((one, other) => Number(other) - Number(one))
  return newest === undefined ? undefined : join(debianFolder, newest, 'bin')
}
