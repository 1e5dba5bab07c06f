// The web site of a catalog on a database that is there, steered by its parent.
import { sql } from 'kysely'
import { type CatalogServer, createCatalogServer } from '../../src/catalog/index.ts'
import { serveCommands } from './json-lines.js'

let server: CatalogServer

await serveCommands({
  async start({ home, database }: { home: string; database: string }) {
    server = await createCatalogServer({ home, database, port: 0, swarm: false, rateLimit: false })
    return { url: server.url }
  },
  /** Ids of listings from anywhere in the catalog. */
  async sample({ count }: { count: number }) {
    const { db } = server.site.catalog.database
    const { rows } = await sql<{ id: string }>`
      select id from listing order by random() limit ${count}`.execute(db)
    return { ids: rows.map(({ id }) => id) }
  },
  async stop() {
    await server.close()
    return {}
  },
})
