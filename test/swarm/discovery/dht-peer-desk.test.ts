import { EventEmitter } from 'node:events'
import test from 'ava'
import type DHT from 'bittorrent-dht'
import { PeerDesk } from '../../../src/swarm/discovery/dht-peer-desk.ts'

const torrent = Buffer.alloc(20, 1)
const peer = (host: string) => ({ host, port: 1 })

test('Whoever asks is told of the peers of that torrent, until it leaves', t => {
  const dht = new EventEmitter()
  const desk = new PeerDesk(dht as unknown as DHT)
  const told: string[] = []
  const leave = ['one', 'other'].map(who =>
    desk.ask(torrent.toString('hex'), address => told.push(`${who} ${address}`)),
  )
  dht.emit('peer', peer('192.0.2.1'), torrent, null)
  dht.emit('peer', peer('192.0.2.2'), Buffer.alloc(20, 2), null)
  leave[0]!()
  dht.emit('peer', peer('192.0.2.3'), torrent, null)
  leave[1]!()
  leave[1]!()
  dht.emit('peer', peer('192.0.2.4'), torrent, null)
  t.deepEqual(told, ['one 192.0.2.1:1', 'other 192.0.2.1:1', 'other 192.0.2.3:1'])
})

test('A private address counts only where a node at a private one names it', t => {
  const dht = new EventEmitter()
  const desk = new PeerDesk(dht as unknown as DHT)
  const told: string[] = []
  desk.ask(torrent.toString('hex'), address => told.push(address))
  for (const host of ['127.0.0.1', '192.168.1.1', '1.1.1.1'])
    dht.emit('peer', peer(host), torrent, { address: '8.8.8.8' })
  dht.emit('peer', peer('192.168.1.2'), torrent, { address: '192.168.1.3' })
  t.deepEqual(told, ['1.1.1.1:1', '192.168.1.2:1'])
})
