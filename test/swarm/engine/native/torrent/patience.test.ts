import test from 'ava'
import { costOfAll, messageCost, Patience } from '../../../../../src/swarm/engine/native/torrent/patience.ts'

test('a peer may say everything at its beginning, and then as much as it is given every second', t => {
  const patience = new Patience()
  let said = 0
  while (patience.bears(costOfAll(100_000))) said++
  t.is(said, 20)
  t.false(patience.bears(messageCost.choke))
  for (let second = 0; second < 60; second++) patience.onSecond()
  t.true(patience.bears(100))
  t.false(patience.bears(1), 'it saves up no more than that')
})

test('who tells of a thousand pieces a hundred times a second, as aria2 does, is borne for ever', t => {
  const patience = new Patience()
  for (let second = 0; second < 1_000; second++) {
    for (let count = 0; count < 100; count++) t.true(patience.bears(costOfAll(1_024)))
    patience.onSecond()
  }
})

test('chokes and unchokes as honest clients send them are borne for ever', t => {
  const patience = new Patience()
  for (let second = 0; second < 1_000; second++) {
    for (let count = 0; count < 10; count++) t.true(patience.bears(messageCost.choke))
    patience.onSecond()
  }
})

test('a peer may say which pieces it has of the longest torrent there is, and shake hands beside', t => {
  const patience = new Patience()
  t.true(patience.bears(costOfAll(2_097_152)))
  t.true(patience.bears(messageCost.extendedHandshake))
  t.false(patience.bears(costOfAll(2_097_152)), 'but not over and over')
})
