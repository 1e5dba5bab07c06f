import { visibleName } from '../core/index.ts'
import type { ChannelReport } from '../swarm/index.ts'
import { formatCount } from './format.ts'

/** Why nobody is there yet: a channel and what it has come to, one after another. */
export function explainNoPeers(channels: ChannelReport): [channel: string, answer: string][] {
  const { dht, lsd, pex, trackers, peers } = channels
  return [
    ['DHT', dht.on ? describeDht(dht.nodes) : 'off'],
    ['Local network', lsd.on ? describeLocal(lsd.heard) : 'off, or no network that can do multicast'],
    ['Peer exchange', pex.on ? 'waits for a first peer' : 'off'],
    ...trackers.map((tracker): [string, string] => [
      `Tracker ${visibleName(tracker.url)}`,
      describeTracker(tracker),
    ]),
    ...(trackers.length === 0 ? [['Trackers', 'none named'] as [string, string]] : []),
    ...peers.map(({ address, status }): [string, string] => [
      `Peer ${visibleName(address)}`,
      peerAnswers[status],
    ]),
  ]
}

const peerAnswers = {
  trying: 'does not answer',
  connected: 'was connected, and left',
  refused: 'a private address out of the link: --allow-private if you trust it',
} as const

function describeDht(nodes: number): string {
  if (nodes > 0) return `${formatCount(nodes, 'node answers', 'nodes answer')}, none of them knows a peer`
  return 'no node answers: UDP may be blocked here, or name one with --dht-bootstrap host:port'
}

function describeLocal(heard: number): string {
  return heard > 0 ? `${formatCount(heard, 'peer')} heard, none connected` : 'nobody here shares it'
}

function describeTracker({ status, message, seeds, leeches }: ChannelReport['trackers'][number]): string {
  switch (status) {
    case 'waiting':
      return 'has not answered yet'
    case 'working':
      return `answers: ${formatCount(seeds ?? 0, 'seed')}, ${formatCount(leeches ?? 0, 'leech', 'leeches')}`
    case 'failed':
      return `fails: ${visibleName(message ?? 'no reason given')}`
    case 'refused':
      return 'a private address out of the link: --allow-private if you trust it'
  }
}
