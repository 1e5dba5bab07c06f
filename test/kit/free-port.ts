import { createServer } from 'node:net'

/**
 * A TCP port of `host` that nothing listens on right now, for programs that cannot be told to take any (port 0).
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error(`No port of ${host} is free`)
  return address.port
}
