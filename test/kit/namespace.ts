import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { findProgram } from './external.ts'
import type { Owner } from './owner.ts'

const run = promisify(execFile)

/** A network namespace joined to this one by a cable of its own, with no way to anywhere else. */
export interface Namespace {
  /** Our end of the cable. */
  readonly outside: string
  /** The end in the namespace. */
  readonly inside: string
  /** The command that runs `command` in the namespace. */
  command(command: readonly string[]): string[]
}

/** Whether this machine lets us make a network namespace: Linux, root and iproute2. */
export function canMakeNamespaces(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram('ip') !== undefined
}

/**
 * Makes a namespace for a program that refuses peers in 127.0.0.0/8. Its addresses are from 198.18.0.0/15, which
 * RFC 2544 keeps for measurements, so that they are nobody's.
 */
export async function makeNamespace(owner: Owner): Promise<Namespace> {
  const ip = findProgram('ip') ?? 'ip'
  const id = randomInt(0x1000000)
  const name = `p2p-${id.toString(16)}`
  const [outerLink, innerLink] = [`po${id.toString(16)}`, `pi${id.toString(16)}`]
  const network = `198.${18 + ((id >> 16) & 1)}.${(id >> 8) & 0xff}`
  const host = (id & 0x3f) << 2
  const [outside, inside] = [`${network}.${host + 1}`, `${network}.${host + 2}`]
  const enter = [ip, 'netns', 'exec', name]

  await run(ip, ['netns', 'add', name])
  // The cable goes with the namespace that one of its ends is in.
  owner.teardown(async () => void (await run(ip, ['netns', 'delete', name])))
  await run(ip, ['link', 'add', outerLink, 'type', 'veth', 'peer', 'name', innerLink, 'netns', name])
  await run(ip, ['address', 'add', `${outside}/30`, 'dev', outerLink])
  await run(ip, ['link', 'set', outerLink, 'up'])
  await run(ip, ['-n', name, 'address', 'add', `${inside}/30`, 'dev', innerLink])
  await run(ip, ['-n', name, 'link', 'set', innerLink, 'up'])
  await run(ip, ['-n', name, 'link', 'set', 'lo', 'up'])
  return { outside, inside, command: command => [...enter, ...command] }
}
