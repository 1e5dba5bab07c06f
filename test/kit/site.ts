import { readFile } from 'node:fs/promises'
import type { CatalogServer, CatalogServerInit } from '../../src/catalog/server/catalog-server.ts'
import { createCatalogServer } from '../../src/catalog/server/create-catalog-server.ts'
import type { Owner } from './owner.ts'
import { temporaryFolder } from './temp-folder.ts'

export interface RunningSite extends CatalogServer {
  /** Of the first moderator. */
  readonly token: string
  /** Asks within the process, as a program on this machine does. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The page at a path. */
  read(path: string): Promise<string>
}

/** A site on 127.0.0.1 and any free port, with a home of its own and, unless one is given, without a swarm. */
export async function startSite(owner: Owner, init: CatalogServerInit = {}): Promise<RunningSite> {
  const home = init.home ?? (await temporaryFolder(owner, 'site'))
  const defaults = { port: 0, swarm: false, keepPagesMs: 0, rateLimit: false, name: 'Tideline' } as const
  const server = await createCatalogServer({ ...defaults, ...init, home })
  owner.teardown(() => server.close())
  const token = server.firstTokenPath ? (await readFile(server.firstTokenPath, 'utf8')).trim() : ''
  const ask = async (path: string, request: RequestInit = {}) =>
    server.fetch(new Request(`${server.url}${path}`, request))
  return {
    ...server,
    token,
    ask,
    read: async path => (await ask(path, { headers: { accept: 'text/html' } })).text(),
  }
}
