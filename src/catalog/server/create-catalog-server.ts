import type { CatalogServer, CatalogServerInit } from './catalog-server.ts'
import { Shutdown } from './shutdown.ts'

/**
 * Starts a catalog's web site: pages for people, feeds and an API for programs, submissions and their review; with a swarm
 * it keeps its signed catalog up in the swarm.
 *
 * @throws {P2pShareError} `ERR_PORT_TAKEN`, `ERR_DATABASE`, `ERR_INVALID_ARGUMENT`
 * @example
 * await using server = await createCatalogServer({ name: 'Zoo films', publicUrl: 'https://zoo.example.org' })
 * console.log(server.url)
 */
export async function createCatalogServer(init: CatalogServerInit = {}): Promise<CatalogServer> {
  // What searches a catalog loads this room too, and has no use for a web server.
  const { startSite } = await import('./start-site.ts')
  const shutdown = new Shutdown()
  const close = () => shutdown.run()
  try {
    return { ...(await startSite(init, shutdown)), close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
