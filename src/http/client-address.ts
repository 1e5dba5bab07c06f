import { BlockList, isIP } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { P2pShareError } from '../core/index.ts'

/** What handlers of our servers find in their context. */
export interface HttpEnv {
  Bindings: Partial<HttpBindings>
  Variables: {
    /** Who asks, as an IP address. */
    address: string
  }
}

/** Finds out who asks, from the address of a connection and its `X-Forwarded-For`. */
export type AddressReader = (connection: string | undefined, forwarded: string | undefined) => string

const nobody = '0.0.0.0'

/**
 * `X-Forwarded-For` counts only as far as trusted proxies wrote it: from its end, up to the first address that is none of
 * theirs.
 *
 * @param trustedProxies addresses, or networks such as `10.0.0.0/8`
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for what is neither
 */
export function addressReader(trustedProxies: readonly string[] = []): AddressReader {
  const trusted = new BlockList()
  for (const entry of trustedProxies) addRange(trusted, entry)
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (connection = nobody, forwarded = '') => {
    let address = plainAddress(connection) ?? nobody
    const hops = forwarded.split(',')
    while (hops.length > 0 && isTrusted(address)) {
      const before = plainAddress(hops.pop()!.trim())
      if (before === undefined) break
      address = before
    }
    return address
  }
}

/** Puts the address of who asks into the context. */
export function clientAddress(read: AddressReader): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    context.set(
      'address',
      read(context.env?.incoming?.socket.remoteAddress, context.req.header('x-forwarded-for')),
    )
    await next()
  }
}

function plainAddress(text: string): string | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return isIP(plain) === 0 ? undefined : plain
}

function addRange(list: BlockList, entry: string): void {
  const [network = '', prefix] = entry.split('/')
  const version = isIP(network)
  const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix)
  if (version === 0 || !(Number.isInteger(bits) && bits >= 0 && bits <= (version === 6 ? 128 : 32)))
    throw new P2pShareError('ERR_INVALID_ARGUMENT', `"${entry}" is no address of a proxy, such as 127.0.0.1`)
  list.addSubnet(network, bits, version === 6 ? 'ipv6' : 'ipv4')
}
