import { stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import type { Context } from 'hono'
import { type HttpEnv, isDirect } from '../../../http/index.ts'
import { userOfEnd } from './connection-table.ts'

/** Tells whether a request is of the user whom the box belongs to. */
export type OwnerCheck = (context: Context<HttpEnv>) => Promise<boolean>

/** Stands for everybody who has no number in the box's own namespace of users. */
const nobody = 65_534
/** A table is read while others change it, and may lack a row for once. */
const looks = 2

/**
 * Looks who holds the other end of a connection from this machine, once for each connection. Where that cannot be told it is nobody that
 * the box knows, and so where a proxy hands on what others ask. Root is nobody's own user: what runs as root for everybody (a tunnel, a
 * service that can be made to ask for addresses) would ask for all of them.
 */
export function ownerCheck(): OwnerCheck {
  const known = new WeakMap<Socket, Promise<boolean>>()
  return async ({ env, req }) => {
    const socket = env?.incoming?.socket
    if (!socket || !isDirect(req)) return false
    const found = known.get(socket) ?? isOwners(socket)
    known.set(socket, found)
    return found
  }
}

async function isOwners(socket: Socket): Promise<boolean> {
  const user = await userAcross(socket)
  if (user === undefined || user === nobody) return false
  return user === (await ownUser())
}

async function userAcross(socket: Socket): Promise<number | undefined> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return undefined
  const there = { address: remoteAddress, port: remotePort }
  const here = { address: localAddress, port: localPort }
  for (let look = 0; look < looks; look++) {
    const user = await userOfEnd(there, here)
    // Were it closed meanwhile, the row could be of somebody else who got its port.
    if (user !== undefined) return isConnected(socket) ? user : undefined
  }
  return undefined
}

/** Node remembers what it once heard of a connection: this asks the system. */
function isConnected(socket: Socket): boolean {
  const { _handle: handle } = socket as Socket & { _handle?: { getpeername?(into: object): number } | null }
  return handle?.getpeername?.({}) === 0
}

/** The user that this process acts as; `undefined` where the system does not say. */
async function ownUser(): Promise<number | undefined> {
  return (await stat('/proc/self').catch(() => undefined))?.uid
}
