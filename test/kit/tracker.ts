import { once } from 'node:events'
import { Server } from 'bittorrent-tracker'
import type { Owner } from './owner.ts'

export type TrackerKind = 'http' | 'udp' | 'ws'

export interface Tracker {
  /** What a torrent names it by. */
  readonly announce: string
  /** How many announces it has answered. */
  announces(): number
}

/** A real tracker on 127.0.0.1, on any free port, that speaks one protocol only. */
export async function startTracker(owner: Owner, kind: TrackerKind): Promise<Tracker> {
  const server = new Server({ http: false, udp: false, ws: false, stats: false, [kind]: true })
  let announces = 0
  for (const event of ['start', 'update', 'complete', 'stop']) server.on(event, () => announces++)
  // A machine without IPv6 fails the second of its UDP sockets, which no test uses.
  for (const event of ['error', 'warning']) server.on(event, () => {})

  const socket = kind === 'udp' ? server.udp4 : server.http
  const listening = once(socket!, 'listening')
  server.listen(0, { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' })
  await listening
  owner.teardown(() => {
    server.close()
    server.http?.closeAllConnections()
  })

  const { port } = socket!.address() as { port: number }
  const path = kind === 'http' ? '/announce' : ''
  return { announce: `${kind}://127.0.0.1:${port}${path}`, announces: () => announces }
}
