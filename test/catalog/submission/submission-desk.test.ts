import test from 'ava'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { submissionContract } from '../../contracts/submissions.ts'
import { type Postgres, requirePostgres, startPostgres } from '../../kit/postgres.ts'

// Servers of one process share a connection: a second one would wait for the first without letting it go on.
submissionContract('SQLite', async t => {
  const database = await openDatabase(':memory:')
  t.teardown(() => database.close())
  return async () => database
})

const undoing: (() => void | PromiseLike<void>)[] = []
let server: Promise<Postgres | undefined> | undefined
test.after.always(async () => {
  for (const undo of undoing.reverse()) await undo()
})

submissionContract('PostgreSQL', async t => {
  if (!(await requirePostgres(t))) return undefined
  server ??= startPostgres({ teardown: undo => undoing.push(undo) })
  const location = await (await server)!.newDatabase()
  return async () => {
    const database = await openDatabase(location)
    t.teardown(() => database.close())
    return database
  }
})
