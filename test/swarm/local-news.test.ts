import test from 'ava'
import type { LocalDiscovery } from '../../src/swarm/discovery/local.ts'
import { LocalNews } from '../../src/swarm/local-news.ts'

function start(isPrivate = false) {
  const said: string[] = []
  const lsd = {
    announce: (hash: string, port: number) => said.push(`${hash} at ${port}`),
    withdraw: (hash: string) => said.push(`not ${hash}`),
  } as unknown as LocalDiscovery
  const news = new LocalNews(lsd, { port: 6881 }, isPrivate)
  return { news, said: () => said.splice(0) }
}

test('each hash is told of once', t => {
  const { news, said } = start()
  news.add(['a', 'b'])
  news.add(['a', 'c'])
  t.deepEqual(said(), ['a at 6881', 'b at 6881', 'c at 6881'])
})

test('nothing is told of what is held, until it goes on', t => {
  const { news, said } = start()
  news.add(['a'])
  news.hold(true)
  news.add(['b'])
  t.deepEqual(said(), ['a at 6881', 'not a'])
  news.hold(false)
  t.deepEqual(said(), ['a at 6881', 'b at 6881'])
})

test('nothing is told of a private torrent, whatever becomes of it', t => {
  const { news, said } = start(true)
  news.add(['a'])
  news.hold(true)
  news.hold(false)
  t.false(said().some(word => word.includes('at')))
  const late = start()
  late.news.add(['a'])
  late.news.silence()
  late.news.hold(true)
  late.news.hold(false)
  late.news.add(['b'])
  t.is(late.said().filter(word => word.includes('at')).length, 1)
})
