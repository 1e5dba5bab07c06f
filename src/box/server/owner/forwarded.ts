import type { HonoRequest } from 'hono'

const proxyHeaders = ['x-forwarded-for', 'forwarded', 'via']

/** Whether a proxy hands this on: behind one on this machine everybody comes from here. */
export function isForwarded(req: HonoRequest): boolean {
  return proxyHeaders.some(name => req.header(name) !== undefined)
}
