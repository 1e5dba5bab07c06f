import test from 'ava'
import { takeMessage } from '../../../../../src/swarm/engine/native/torrent/peer-messages.ts'
import type { PieceExchange } from '../../../../../src/swarm/engine/native/torrent/piece-exchange.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

function start() {
  const count = { fills: 0 }
  const exchange = { fill: () => count.fills++ } as unknown as PieceExchange
  const { peer } = new StubPeer()
  const context = {
    exchange,
    onExtended: () => undefined,
    onHashMessage: () => undefined,
    onInterest: () => {},
  }
  const say = (id: number, ...values: number[]) => {
    const body = Buffer.alloc(values.length * 4)
    for (const [index, value] of values.entries()) body.writeUInt32BE(value, index * 4)
    return takeMessage(context, peer, id, body)
  }
  return { peer, say, count }
}

test('a piece that is allowed over and over has nobody looked for anew', t => {
  const { say, count, peer } = start()
  for (let times = 0; times < 1_000; times++) t.is(say(messageId.allowedFast, 7), undefined)
  t.is(count.fills, 1)
  for (let piece = 0; piece < 1_000; piece++) say(messageId.allowedFast, piece)
  t.is(peer.allowedFast.size, 64)
  t.is(count.fills, 64)
})

test('who has a long list searched over and over is cut off, and who asks for little is not', t => {
  const hostile = start()
  for (let begin = 0; begin < 2_000; begin++) hostile.peer.uploads.add(0, begin, 1)
  let cancels = 0
  while (hostile.say(messageId.cancel, 0, 99_999, 1) === undefined) cancels++
  t.true(cancels <= 2_500, `${cancels}`)
  const honest = start()
  for (let times = 0; times < 50_000; times++) t.is(honest.say(messageId.cancel, 0, 0, 1), undefined)
})
