import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Env } from './env.ts'
import { option } from './options.ts'

export interface DatabaseFlags {
  db?: string
}

export function defineDatabase(command: Command): void {
  command.addOption(
    option('--db <database>', 'path of a SQLite file, or postgres://… (default: the one of the home)'),
  )
}

/** What `Catalog.open` takes; `undefined` for the home's own. */
export function databaseLocation({ db }: DatabaseFlags, env: Env): string | undefined {
  if (db === undefined || isServer(db)) return db
  return resolve(env.cwd, db)
}

/** Whether everybody on the machine can read a password in the arguments. */
export function hasPasswordInArguments({ db }: DatabaseFlags, env: Env): boolean {
  if (db === undefined || !isServer(db) || !env.args.some(arg => arg.includes(db))) return false
  return URL.canParse(db) && new URL(db).password !== ''
}

function isServer(db: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(db)
}
