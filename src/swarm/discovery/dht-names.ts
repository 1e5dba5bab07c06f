import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { raceAbort } from '../../core/index.ts'

const lookupMs = 3_000

/** The IPv4 addresses of nodes, `host:port`, as far as their names can be resolved in time. */
export async function resolveNodes(nodes: readonly string[], signal: AbortSignal): Promise<string[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookupMs)])
  const resolved = nodes.map(async node => {
    const colon = node.lastIndexOf(':')
    const [host, port] = [node.slice(0, colon), Number(node.slice(colon + 1))]
    if (colon < 1 || !(Number.isInteger(port) && port > 0 && port <= 65_535)) return []
    if (isIP(host) === 4) return [node]
    const found = await raceAbort(lookup(host, { family: 4 }), limit).catch(() => undefined)
    return found ? [`${found.address}:${port}`] : []
  })
  return (await Promise.all(resolved)).flat()
}
