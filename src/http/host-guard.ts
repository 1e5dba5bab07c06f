import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './client-address.ts'
import { HttpError } from './http-error.ts'

export interface AllowedHostsInit {
  /** The host that the server listens on. */
  readonly listenHost: string
  readonly publicUrl?: string | undefined
}

/** Tells whether a `Host` is a name of this server. */
export type HostCheck = (host: string) => boolean

/**
 * A server answers to the names that it was given and to those of its own machine, and where it listens on every
 * interface, to any address: an address cannot be made to point elsewhere.
 */
export function allowedHosts({ listenHost, publicUrl }: AllowedHostsInit): HostCheck {
  const names = new Set(['localhost', '127.0.0.1', '::1', listenHost.toLowerCase()])
  if (publicUrl) names.add(bare(new URL(publicUrl).hostname))
  const isEverywhere = listenHost === '0.0.0.0' || listenHost === '::'
  return host => {
    const name = hostName(host)
    if (name === undefined) return false
    return names.has(name) || name.endsWith('.localhost') || (isEverywhere && isIP(name) !== 0)
  }
}

/**
 * Refuses requests that were sent under another name, so that a page of somebody else whose name is made to point at this
 * machine (DNS rebinding) learns nothing.
 */
export function hostGuard(isAllowed: HostCheck): MiddlewareHandler<HttpEnv> {
  return async ({ req, env }, next) => {
    const named = new URL(req.url).host
    // Of a whole address in place of a path the name counts (RFC 9112, 3.2.2).
    const isWhole = env?.incoming?.url?.startsWith('/') === false
    if (!isAllowed(req.header('host') ?? named) || (isWhole && !isAllowed(named)))
      throw new HttpError(421, 'This server does not answer to that name.')
    await next()
  }
}

function hostName(host: string): string | undefined {
  // The dot at the end of a name is the root of all names.
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]*[a-z0-9_-])\.?(?::\d{1,5})?$/i.exec(host) ?? []
  return name && bare(name).toLowerCase()
}

function bare(name: string): string {
  return name.replace(/^\[|\]$/g, '')
}
