import { chmod, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase } from '../src/catalog/database/open-database.ts'
import { importRecords } from '../src/catalog/store/import-records.ts'
import { ListingStore } from '../src/catalog/store/listing-store.ts'
import { startPostgres } from '../test/kit/postgres.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { measurePages } from './catalog/pages.ts'
import { sampleQueries } from './catalog/sample-queries.ts'
import { sampleRecords } from './catalog/sample-records.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const formOfRecords = 1

/** A large catalog: taken in with every signature verified, and searched, on SQLite and on PostgreSQL. */
export default async function measureCatalog({ quick }: BenchOptions): Promise<Measurement[]> {
  const count = quick ? 5_000 : Number(process.env.P2PSHARE_BENCH_LISTINGS ?? 1_000_000)
  await using all = new Teardown()
  // Beside the folder of this run, so that the next finds it.
  const cache = join(dirname(tmpdir()), `p2pshare-bench-listings-${count}-${formOfRecords}.jsonl`)
  const records = await sampleRecords(cache, count)
  const file = join(await temporaryFolder(all, 'bench'), 'catalog.db')
  // PostgreSQL runs as nobody, who has to get through to its folder.
  await chmod(tmpdir(), 0o711)
  const postgres = await startPostgres(all)
  const phrases = await firstPhrases(records(), 300)
  const measurements: Measurement[] = []
  for (const [client, location] of [
    ['p2pshare', file],
    ...(postgres ? [['on PostgreSQL', await postgres.newDatabase()]] : []),
  ] as [string, string][])
    measurements.push(...(await measureOne(client, location, records, count, phrases, quick)))
  measurements.push(...(await measurePages(file, quick)))
  return measurements.sort((one, other) => order(one) - order(other))

  function order({ name }: Measurement): number {
    return measurements.findIndex(other => other.name === name)
  }
}

async function measureOne(
  client: string,
  location: string,
  records: () => AsyncIterable<string>,
  count: number,
  phrases: readonly string[],
  quick: boolean,
): Promise<Measurement[]> {
  const database = await openDatabase(location)
  try {
    const store = new ListingStore(database)
    const began = performance.now()
    const { added } = await importRecords(records(), store, { catalogId: 1, segmentId: 1 })
    const tookMs = performance.now() - began
    if (added !== count) throw new Error(`${added} of ${count} listings were taken in`)
    if (database.dialect === 'postgres') await sql`vacuum analyze`.execute(database.db)
    const measurements = [
      measurement('import, signatures verified', client, 'listings/s', [(1000 * count) / tookMs]),
      measurement('database', client, 'bytes a listing', [(await sizeOf(database, location)) / count]),
    ]
    for (const [kind, queries] of Object.entries(sampleQueries(quick ? 20 : 300, phrases))) {
      const times: number[] = []
      for (const query of [...queries.slice(0, 20), ...queries]) {
        const start = performance.now()
        await store.search(query)
        times.push(performance.now() - start)
      }
      const sorted = times.slice(20).sort((one, other) => one - other)
      for (const percent of [50, 95, 99])
        measurements.push(
          measurement(`${kind}, p${percent}`, client, 'ms', [
            sorted[Math.ceil((sorted.length * percent) / 100) - 1]!,
          ]),
        )
    }
    return measurements
  } finally {
    await database.close()
  }
}

async function sizeOf(database: Awaited<ReturnType<typeof openDatabase>>, location: string): Promise<number> {
  if (database.dialect === 'sqlite') {
    database.sqlite!.exec('pragma wal_checkpoint(truncate)')
    return (await stat(location)).size
  }
  const { rows } = await sql<{ size: number }>`select pg_database_size(current_database()) as size`.execute(
    database.db,
  )
  return rows[0]!.size
}

/** Two words that stand beside each other in a title. */
async function firstPhrases(lines: AsyncIterable<string>, count: number): Promise<string[]> {
  const phrases: string[] = []
  for await (const line of lines) {
    const [first, second] = (JSON.parse(line) as { title: string }).title.split(' ')
    phrases.push(`${first} ${second}`)
    if (phrases.length >= count) break
  }
  return phrases
}
