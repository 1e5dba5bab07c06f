import test from 'ava'
import { messageCost, Patience } from '../../../../../src/swarm/engine/native/torrent/patience.ts'

test('a peer may say everything at its beginning, and then as much as it is given every second', t => {
  const patience = new Patience()
  let said = 0
  while (patience.bears(messageCost.allPieces)) said++
  t.is(said, 4)
  t.false(patience.bears(messageCost.choke))
  for (let second = 0; second < 60; second++) patience.onSecond()
  t.true(patience.bears(100))
  t.false(patience.bears(1), 'it saves up no more than that')
})

test('chokes and unchokes as honest clients send them are borne for ever', t => {
  const patience = new Patience()
  for (let second = 0; second < 1_000; second++) {
    for (let count = 0; count < 10; count++) t.true(patience.bears(messageCost.choke))
    patience.onSecond()
  }
})
