import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type Bencodable, type BencodeDict, decodeBencode, encodeBencode } from '../../src/core/index.ts'
import type { Owner } from './owner.ts'

/** What a raw node answers to a query: its `r` dictionary, bytes as they are, several of them, or nothing. */
export type RawAnswer =
  | { readonly r: Readonly<Record<string, Bencodable>> }
  | Uint8Array
  | readonly Uint8Array[]
  | undefined

export interface RawDhtNode {
  readonly id: Uint8Array
  /** What others bootstrap from, `host:port`. */
  readonly address: string
  /** Who has asked it, the first first. */
  readonly askers: readonly RemoteInfo[]
  /** Sends bytes as they are. */
  send(bytes: Uint8Array, port: number): void
  /** Sends a query and answers the whole reply or error to it. */
  ask(query: string, fields: Readonly<Record<string, Bencodable>>, port: number): Promise<BencodeDict>
}

/** A node of the DHT on 127.0.0.1 that says whatever a test wants; without `answer` it says nothing. */
export async function startRawDhtNode(
  owner: Owner,
  answer: (query: BencodeDict, name: string) => RawAnswer = () => undefined,
): Promise<RawDhtNode> {
  const socket = createSocket('udp4')
  const id = crypto.getRandomValues(new Uint8Array(20))
  const askers: RemoteInfo[] = []
  const waiting = new Map<string, (reply: BencodeDict) => void>()
  const textOf = (dict: BencodeDict, key: string) =>
    Buffer.from(dict.get(key) as Uint8Array).toString('latin1')
  socket.on('message', (datagram, from) => {
    const message = decodeBencode(datagram) as BencodeDict
    if (textOf(message, 'y') !== 'q') return waiting.get(textOf(message, 't'))?.(message)
    askers.push(from)
    const said = answer(message.get('a') as BencodeDict, textOf(message, 'q'))
    const datagrams = said === undefined ? [] : Array.isArray(said) ? said : [said]
    for (const one of datagrams)
      socket.send(
        'r' in one ? encodeBencode({ t: message.get('t')!, y: 'r', r: { id, ...one.r } }) : one,
        from.port,
        from.address,
      )
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  owner.teardown(() => new Promise(resolve => socket.close(resolve)))
  let transactions = 0
  return {
    id,
    address: `127.0.0.1:${socket.address().port}`,
    askers,
    send: (bytes, port) => socket.send(bytes, port, '127.0.0.1'),
    ask(query, fields, port) {
      const t = `#${transactions++}`
      socket.send(encodeBencode({ t, y: 'q', q: query, a: { id, ...fields } }), port, '127.0.0.1')
      return new Promise(resolve => waiting.set(t, resolve))
    },
  }
}
