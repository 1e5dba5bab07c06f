import { createHash } from 'node:crypto'
import test from 'ava'
import { magnetFor, withTrackers } from '../../../src/catalog/server/magnet-for.ts'
import { encodeBencode, parseMetainfo, readMagnet } from '../../../src/core/index.ts'
import { sampleMagnet } from '../../kit/sample-listing.ts'

const ours = ['http://site.example/announce', 'udp://site.example:6969/announce']
const info = { length: 5, name: 'zoo.avi', 'piece length': 16_384, pieces: Buffer.alloc(20, 7) }
const siteWith = (trackerUrls: readonly string[]) => ({ settings: { trackerUrls } })

test('A magnet link has the trackers of the site once, beside all that it said before', t => {
  const magnet = `${sampleMagnet(1)}&dn=zoo%20avi&xl=5&tr=${encodeURIComponent(ours[0]!)}&x.pe=1.2.3.4:5&x.unknown=7`
  const handedOut = magnetFor(siteWith(ours), { magnet })
  t.true(handedOut.startsWith(magnet))
  t.deepEqual(readMagnet(handedOut).trackers, ours)
  t.is(magnetFor(siteWith([]), { magnet }), magnet)
  t.is(magnetFor(siteWith(ours), { magnet: handedOut }), handedOut)
})

test('A .torrent has the trackers of the site before its own, and its info byte for byte', t => {
  const original = parseMetainfo(
    encodeBencode({
      info,
      announce: 'http://own.example/announce',
      comment: 'hello',
      'x-unknown': [1, { a: 2 }],
    }),
  )
  const changed = parseMetainfo(withTrackers(original.bytes, ours))
  t.deepEqual(changed.infoBytes, original.infoBytes)
  t.is(changed.infoHash, original.infoHash)
  t.deepEqual(changed.trackers, [ours, ['http://own.example/announce']])
  t.is(changed.comment, 'hello')
  t.true(Buffer.from(changed.bytes).includes('9:x-unknownli1ed1:ai2eee'))
  t.deepEqual(withTrackers(original.bytes, []), original.bytes)
})

test('The tiers that a .torrent has are kept', t => {
  const tiers = [['http://a.example/announce'], ['http://b.example/announce', 'http://c.example/announce']]
  const bytes = encodeBencode({ info, 'announce-list': tiers })
  t.deepEqual(parseMetainfo(withTrackers(bytes, ours)).trackers, [ours, ...tiers])
  t.deepEqual(parseMetainfo(withTrackers(encodeBencode({ info }), ours)).trackers, [ours])
})

test('An info that is not written as we would keeps its hash', t => {
  // Its keys are out of order, which a re-encoding would change.
  const odd = Buffer.from(`d4:name7:zoo.avi6:lengthi5e12:piece lengthi16384e6:pieces20:${'p'.repeat(20)}e`)
  const bytes = Buffer.concat([Buffer.from('d4:info'), odd, Buffer.from('e\n')])
  const { infoHash } = parseMetainfo(withTrackers(bytes, ours))
  t.is(infoHash, createHash('sha1').update(odd).digest('hex'))
})

test('A private torrent is handed out as it is', t => {
  const bytes = encodeBencode({ info: { ...info, private: 1 }, announce: 'http://own.example/announce' })
  t.deepEqual(withTrackers(bytes, ours), bytes)
})
