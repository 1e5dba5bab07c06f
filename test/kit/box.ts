import { Box, type BoxInit } from '../../src/box/index.ts'
import { writeBoxSettings } from './box-settings.ts'
import type { Owner } from './owner.ts'
import { temporaryFolder } from './temp-folder.ts'

export interface StartedBox {
  readonly box: Box
  readonly home: string
  /** What went wrong that nobody waited for. */
  readonly problems: string[]
  /** Asks its API, with the token. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>
}

/**
 * A box on any free ports that finds nobody by itself, stopped when its owner ends.
 *
 * @param settings the text of its settings file; without it a home's file is left as it is
 */
export async function startBox(
  owner: Owner,
  { settings, ...init }: BoxInit & { settings?: string } = {},
): Promise<StartedBox> {
  const home = init.home ?? (await temporaryFolder(owner, 'box'))
  if (settings !== undefined) {
    await writeBoxSettings(home, settings)
  }
  const problems: string[] = []
  const box = await Box.start({
    listen: { host: '127.0.0.1', port: 0 },
    network: { port: 0, dht: false, lsd: false, pex: false, nat: false },
    onProblem: (what, error) => problems.push(`${what}: ${String(error)}`),
    ...init,
    home,
  })
  owner.teardown(() => box.stop())
  const ask = (path: string, request: RequestInit = {}) =>
    fetch(`${box.url}${path}`, {
      ...request,
      headers: { authorization: `Bearer ${box.token.value}`, ...request.headers },
    })
  return { box, home, problems, ask }
}
