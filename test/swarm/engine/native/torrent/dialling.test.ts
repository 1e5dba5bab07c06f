import { mock } from 'node:test'
import test from 'ava'
import { Dialer } from '../../../../../src/swarm/engine/native/connection/dialer.ts'
import type { Negotiated } from '../../../../../src/swarm/engine/native/connection/negotiate.ts'
import { Dialling } from '../../../../../src/swarm/engine/native/torrent/dialling.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

/** Dials nobody: it notes who wants to. */
class QuietDialer extends Dialer {
  wants = 0
  forgotten = 0

  constructor() {
    super('prefer')
  }

  override want(): void {
    this.wants++
  }

  override forget(): void {
    this.forgotten++
  }
}

const time = mock.timers
test.beforeEach(() => time.enable({ apis: ['setTimeout'] }))
test.afterEach.always(() => time.reset())

function start(init: { room?: number; banned?: string; accepts?: boolean } = {}) {
  const dialer = new QuietDialer()
  const world = {
    room: init.room ?? 10,
    isSeeding: false,
    accepts: init.accepts ?? true,
    ended: [] as string[],
  }
  const dialling = new Dialling({
    dialer,
    handshake: () => ({ bytes: Buffer.alloc(68), infoHash: new Uint8Array(20), upgraded: undefined }),
    room: () => world.room,
    isSeeding: () => world.isSeeding,
    mayDial: address => address !== init.banned,
    onConnected: () => world.accepts,
  })
  const negotiated = {
    socket: { destroy: (reason: string) => world.ended.push(reason) },
  } as unknown as Negotiated
  return { dialer, dialling, world, negotiated }
}

test.serial('an address is dialled once, while it is being dialled and while it is connected', t => {
  const { dialling, dialer, negotiated } = start()
  dialling.add(['10.0.0.1:6881', '10.0.0.1:6881', 'nonsense'], 'tracker')
  t.is(dialer.wants, 1)
  const found = dialling.next()!
  t.deepEqual([found.host, found.port, found.isPlain], ['10.0.0.1', 6881, false])
  dialling.add(['10.0.0.1:6881'], 'dht')
  t.is(dialling.next(), undefined)
  dialling.onConnected(found.candidate, negotiated)
  t.is(dialling.next(), undefined)
})

test.serial('no more are dialled than there is room for, those under way counted', t => {
  const { dialling, world } = start({ room: 2 })
  dialling.add(['10.0.0.1:1', '10.0.0.2:1', '10.0.0.3:1'], 'tracker')
  const first = dialling.next()!
  t.truthy(dialling.next())
  t.is(dialling.next(), undefined)
  dialling.onFailed(first.candidate, 'no', false)
  t.truthy(dialling.next())
  world.room = 0
  t.is(dialling.next(), undefined)
})

test.serial('who is banned is passed over and forgotten', t => {
  const { dialling } = start({ banned: '10.0.0.1:1' })
  dialling.add(['10.0.0.1:1', '10.0.0.2:1'], 'pex')
  t.is(dialling.next()?.host, '10.0.0.2')
  t.is(dialling.next(), undefined)
})

test.serial('who refuses encryption is dialled again at once, in the plain', t => {
  const { dialling, dialer } = start()
  dialling.add(['10.0.0.1:1'], 'tracker')
  const { candidate } = dialling.next()!
  dialling.onFailed(candidate, 'hung up', true)
  t.is(dialer.wants, 2)
  t.true(dialling.next()?.isPlain)
})

test.serial(
  'a peer that hung up on a plain handshake too is spoken to behind encryption the next time',
  t => {
    const { dialling } = start()
    dialling.add(['10.0.0.1:1'], 'tracker')
    const { candidate } = dialling.next()!
    dialling.onFailed(candidate, 'hung up', true)
    t.true(dialling.next()?.isPlain)
    dialling.onFailed(candidate, 'hung up', false)
    dialling.add(['10.0.0.1:1'], 'manual')
    t.false(dialling.next()?.isPlain)
  },
)

test.serial('where there is no room it is looked again after a while, though nobody tells', t => {
  const { dialling, dialer, world } = start({ room: 0 })
  dialling.add(['10.0.0.1:1'], 'tracker')
  t.is(dialling.next(), undefined)
  const { wants } = dialer
  world.room = 1
  time.tick(15_000)
  t.is(dialer.wants, wants + 1)
  t.is(dialling.next()?.host, '10.0.0.1')
})

test.serial('who fails is dialled again after a while, by itself', t => {
  const { dialling, dialer } = start()
  dialling.add(['10.0.0.1:1'], 'tracker')
  dialling.onFailed(dialling.next()!.candidate, 'no', false)
  t.is(dialling.next(), undefined)
  const { wants } = dialer
  time.tick(3_900)
  t.is(dialer.wants, wants)
  time.tick(2_200)
  t.is(dialer.wants, wants + 1)
})

test.serial(
  'while it is paused nobody is dialled, who connects all the same is ended, and all are tried anew after it',
  t => {
    const { dialling, dialer, world, negotiated } = start()
    dialling.add(['10.0.0.1:1', '10.0.0.2:1'], 'tracker')
    const { candidate } = dialling.next()!
    dialling.pause()
    t.is(dialer.forgotten, 1)
    t.is(dialling.next(), undefined)
    const { wants } = dialer
    dialling.add(['10.0.0.3:1'], 'tracker')
    t.is(dialer.wants, wants)
    dialling.onConnected(candidate, negotiated)
    t.deepEqual(world.ended, ['paused'])
    dialling.resume()
    t.is(dialer.wants, wants + 1)
    const hosts = [dialling.next(), dialling.next(), dialling.next()].map(found => found?.host)
    t.deepEqual(hosts.toSorted(), ['10.0.0.1', '10.0.0.2', '10.0.0.3'])
  },
)

test.serial('a seed that was met is not dialled by a seed', t => {
  const { dialling, negotiated, world } = start()
  dialling.add(['10.0.0.1:1'], 'tracker')
  const { candidate } = dialling.next()!
  dialling.onConnected(candidate, negotiated)
  const { peer } = new StubPeer({ address: '10.0.0.1:1' })
  peer.isSeed = true
  dialling.lost(peer, false)
  world.isSeeding = true
  dialling.pause()
  dialling.resume()
  t.is(dialling.next(), undefined)
  world.isSeeding = false
  t.is(dialling.next()?.host, '10.0.0.1')
})

test.serial('a connection that came to us and ended says nothing of the one that we have there', t => {
  const { dialling, negotiated } = start()
  dialling.add(['10.0.0.1:1'], 'tracker')
  dialling.onConnected(dialling.next()!.candidate, negotiated)
  dialling.lost(new StubPeer({ address: '10.0.0.1:1', isIncoming: true }).peer, true)
  dialling.add(['10.0.0.1:1'], 'manual')
  t.is(dialling.next(), undefined, 'it is connected')
})
