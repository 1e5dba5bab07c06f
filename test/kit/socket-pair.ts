import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { PeerSocket } from '../../src/swarm/engine/native/connection/peer-socket.ts'
import type { Owner } from './owner.ts'

/** Listens on loopback; answers its port. */
export async function listen(owner: Owner, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  owner.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

/** Two ends of one connection over loopback, as the native engine has them. */
export async function socketPair(owner: Owner): Promise<{ near: PeerSocket; far: PeerSocket }> {
  const far = Promise.withResolvers<PeerSocket>()
  const connected = Promise.withResolvers<void>()
  const port = await listen(owner, socket => far.resolve(PeerSocket.accepted(socket)))
  const near = PeerSocket.dial('127.0.0.1', port, connected.resolve)
  owner.teardown(() => near.destroy('the test is over'))
  await connected.promise
  return { near, far: await far.promise }
}
