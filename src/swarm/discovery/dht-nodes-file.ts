import { readFile, stat } from 'node:fs/promises'
import { BencodeDict, decodeBencode, encodeBencode, writeFileAtomic } from '../../core/index.ts'

/** A node of the DHT that was heard of. */
interface KnownNode {
  /** 20 bytes. */
  readonly id: Uint8Array
  /** IPv4. */
  readonly host: string
  readonly port: number
}

/** What a DHT node remembers from one run to the next. */
export interface KnownNodes {
  /** Its own id, 20 bytes: others know it by that. */
  readonly id: Uint8Array
  readonly nodes: readonly KnownNode[]
}

/** Nodes that are away take their time to be found out, so that more of them would delay a start. */
const maxNodes = 64
const nodeBytes = 26
const maxFileBytes = 4_096

/** Reads what was remembered; `undefined` where there is nothing, or nothing that can be used. */
export async function readNodesFile(path: string): Promise<KnownNodes | undefined> {
  try {
    if ((await stat(path)).size > maxFileBytes) return undefined
    return decodeNodes(await readFile(path))
  } catch {
    return undefined
  }
}

/** Writes it so that a crash leaves the old file or the new one. */
export async function writeNodesFile(path: string, known: KnownNodes): Promise<void> {
  await writeFileAtomic(path, encodeNodes(known))
}

/** @throws nothing: what is damaged is `undefined` */
export function decodeNodes(bytes: Uint8Array): KnownNodes | undefined {
  try {
    const file = decodeBencode(bytes, { maxDepth: 2, maxItems: 16 })
    if (!(file instanceof BencodeDict)) return undefined
    const [id, compact] = [file.get('id'), file.get('nodes')]
    if (!(id instanceof Uint8Array) || id.length !== 20) return undefined
    if (!(compact instanceof Uint8Array) || compact.length % nodeBytes !== 0) return undefined
    const nodes: KnownNode[] = []
    for (let at = 0; at < compact.length && nodes.length < maxNodes; at += nodeBytes) {
      const node = Buffer.from(compact.subarray(at, at + nodeBytes))
      const port = node.readUInt16BE(24)
      if (port > 0) nodes.push({ id: node.subarray(0, 20), host: node.subarray(20, 24).join('.'), port })
    }
    return { id: Buffer.from(id), nodes }
  } catch {
    return undefined
  }
}

export function encodeNodes({ id, nodes }: KnownNodes): Uint8Array {
  const compact = nodes.slice(0, maxNodes).map(node => {
    const bytes = Buffer.alloc(nodeBytes)
    bytes.set(node.id)
    bytes.set(node.host.split('.').map(Number), 20)
    bytes.writeUInt16BE(node.port, 24)
    return bytes
  })
  return encodeBencode({ id, nodes: Buffer.concat(compact) })
}
