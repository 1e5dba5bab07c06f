import { EventEmitter } from 'node:events'
import test from 'ava'
import { TrackerAnswers } from '../../../../src/swarm/engine/webtorrent/trackers.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

type Client = Parameters<TrackerAnswers['watch']>[0]

/** A tracker client that counts how often it is asked to announce. */
class StubClient extends EventEmitter {
  updates = 0
  destroyed = false
  readonly tracker = { announceUrl: 'ws://127.0.0.1:1/a', client: this as unknown as Client }
  readonly _trackers = [this.tracker]

  update(): void {
    this.updates++
  }

  warn(message: string): void {
    this.tracker.client.emit('warning', new Error(message))
  }
}

function start() {
  const client = new StubClient()
  const warnings: string[] = []
  client.on('warning', ({ message }) => warnings.push(message))
  const answers = new TrackerAnswers(['ws://127.0.0.1:1/a'], 20)
  answers.watch(client as unknown as Client)
  return { client, answers, warnings }
}

test('a connection over WebRTC that did not come about is tried again, once for all that failed together', async t => {
  const { client, answers, warnings } = start()
  client.warn('Connection error: no candidate')
  client.warn('Connection error: no candidate')
  t.is(client.updates, 0)
  await waitUntil('all are asked anew', () => client.updates > 0)
  t.is(client.updates, 1)
  t.is(warnings.length, 2, 'others hear of it too')
  t.like(answers.all()[0], { status: 'failed', message: 'Connection error: no candidate' })
})

test('a tracker that refuses, and a torrent that has left, are not asked anew', async t => {
  const { client } = start()
  client.warn('torrent is not in our list')
  const left = start().client
  left.warn('Connection error: no candidate')
  left.destroyed = true
  const later = start().client
  later.warn('Connection error: no candidate')
  await waitUntil('one that came after them is asked', () => later.updates === 1)
  t.deepEqual([client.updates, left.updates], [0, 0])
})
