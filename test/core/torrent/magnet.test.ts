import test from 'ava'
import fc from 'fast-check'
import { P2pShareError } from '../../../src/core/errors.ts'
import { cleanName } from '../../../src/core/safe-path.ts'
import { magnetLink, readMagnet } from '../../../src/core/torrent/magnet.ts'
import { runs } from '../../kit/runs.ts'

const v1 = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const v2 = 'caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e'
const link = `magnet:?xt=urn:btih:${v1}`

test('A magnet link is read with all that it says', t => {
  const uri = [
    link,
    `xt=urn:btmh:1220${v2}`,
    'dn=A+day%20at%20the+z%C3%B6%C3%B6.avi',
    'xl=1234',
    'tr=udp%3A%2F%2Fa.example%3A80',
    'tr.1=http%3A%2F%2Fb.example%2Fannounce%3Fx%3D1',
    'ws=http%3A%2F%2Fc.example%2F',
    'as=https%3A%2F%2Fd.example%2F',
    'xs=http%3A%2F%2Fe.example%2Fzoo.torrent',
    'x.pe=1.2.3.4:6881',
    'x.pe=%5B2606%3A4700%3A%3A1%5D%3A6882',
    'so=0,2,4,6-8',
  ].join('&')
  t.deepEqual(readMagnet(uri), {
    infoHash: v1,
    infoHashV2: v2,
    name: 'A day at the zöö.avi',
    trackers: ['udp://a.example:80', 'http://b.example/announce?x=1'],
    webSeeds: ['http://c.example/', 'https://d.example/'],
    peers: ['1.2.3.4:6881', '[2606:4700::1]:6882'],
    sources: ['http://e.example/zoo.torrent'],
    select: [0, 2, 4, 6, 7, 8],
  })
})

test('A bare info-hash is as good as a link', t => {
  const nothing = { trackers: [], webSeeds: [], peers: [], sources: [] }
  t.deepEqual(readMagnet(` ${v1.toUpperCase()}\n`), { infoHash: v1, ...nothing })
  t.deepEqual(readMagnet('YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK'), { infoHash: v1, ...nothing })
  t.deepEqual(readMagnet(v2), { infoHashV2: v2, ...nothing })
  t.deepEqual(readMagnet('MAGNET:?XT=URN:BTIH:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK'), {
    infoHash: v1,
    ...nothing,
  })
  t.deepEqual(readMagnet(`magnet:?xt=urn%3Abtih%3A${v1}&xt=urn:tree:tiger:x`), { infoHash: v1, ...nothing })
})

test('What names no torrent, or two, is refused', t => {
  const broken = [
    'magnet:',
    'magnet:?',
    'magnet:?dn=zoo',
    'magnet:?xt=',
    'magnet:?xt=urn:btih:',
    `magnet:?xt=urn:btih:${v1.slice(1)}`,
    `magnet:?xt=urn:btih:${v2}`,
    `magnet:?xt=urn:btmh:1220${v1}`,
    `magnet:?xt=urn:btmh:${v2}`,
    `magnet:?xt=urn:sha1:${v1}`,
    `${link}&xt=urn:btih:${'0'.repeat(40)}`,
    `${link}&xt=urn:btih:nonsense`,
    `magnet:xt=urn:btih:${v1}`,
    `${link}&dn=${'x'.repeat(65_536)}`,
  ]
  for (const uri of broken)
    t.throws(() => readMagnet(uri), { instanceOf: P2pShareError, code: 'ERR_INVALID_MAGNET' }, uri)
  for (const text of ['', 'zoo.torrent', 'http://a.example', v1.slice(1)])
    t.throws(() => readMagnet(text), { code: 'ERR_INVALID_IDENTIFIER' }, text)
  t.notThrows(() => readMagnet(`${link}&xt=urn:btih:${v1.toUpperCase()}`))
})

test('A choice of files that cannot be read is refused, not taken for all', t => {
  for (const so of [
    '',
    'a',
    '1,',
    '3-1',
    '-1',
    '1-',
    '1.5',
    '100000',
    '0-999999',
    '0-99999999999',
    '1--2',
    ' 1',
  ])
    t.throws(() => readMagnet(`${link}&so=${so}`), { code: 'ERR_INVALID_MAGNET' }, so)
  t.deepEqual(readMagnet(`${link}&so=7,1-2,2`).select, [1, 2, 7])
  t.is(readMagnet(`${link}&so=0-99999`).select?.length, 100_000)
})

test('Addresses of no use are passed over, and so are too many', t => {
  const uri = `${link}&tr=nonsense&tr=file%3A%2F%2F%2Fetc&tr=ftp://a.example&ws=udp://a.example&xs=urn:btpk:x&x.pe=nowhere&tr=%zz`
  t.like(readMagnet(uri), { trackers: [], webSeeds: [], sources: [], peers: [] })
  const many = (key: string, value: (index: number) => string) =>
    Array.from({ length: 300 }, (_, index) => `&${key}=${value(index)}`).join('')
  const url = (index: number) => `http://t${index}.example/`
  const magnet = readMagnet(
    link +
      many('tr', url) +
      many('ws', url) +
      many('xs', url) +
      many('x.pe', index => `1.2.3.4:${index + 1}`),
  )
  t.deepEqual(
    [magnet.trackers, magnet.webSeeds, magnet.sources, magnet.peers].map(({ length }) => length),
    [100, 100, 10, 100],
  )
  t.is(readMagnet(`${link}&tr=http://a.example&tr=http://a.example`).trackers.length, 1)
})

test('A display name that could lead elsewhere or cannot be decoded does no harm', t => {
  t.is(readMagnet(`${link}&dn=..%2F..%2Fetc%2Fpasswd%00`).name, '....etcpasswd_')
  t.is(readMagnet(`${link}&dn=100%`).name, '100%')
  t.is(readMagnet(`${link}&dn=`).name, undefined)
})

test('A link says what is known and nothing else', t => {
  t.is(magnetLink({ infoHash: v1 }), link)
  t.is(
    magnetLink(
      {
        infoHash: v1,
        infoHashV2: v2,
        name: 'a & b.avi',
        sizeBytes: 5,
        trackers: [['udp://a.example:80'], ['http://b.example/?x=1&y']],
        webSeeds: ['http://c.example/'],
      },
      { peers: ['1.2.3.4:6881'] },
    ),
    `${link}&xt=urn:btmh:1220${v2}&dn=a%20%26%20b.avi&xl=5&x.pe=1.2.3.4:6881&tr=udp%3A%2F%2Fa.example%3A80` +
      '&tr=http%3A%2F%2Fb.example%2F%3Fx%3D1%26y&ws=http%3A%2F%2Fc.example%2F',
  )
})

test('A link stays within what can be read again', t => {
  const trackers = Array.from({ length: 100 }, (_, index) => `http://t${index}.example/${'/'.repeat(2000)}`)
  const uri = magnetLink({ infoHash: v1, trackers })
  t.true(uri.length <= 65_536)
  t.true(readMagnet(uri).trackers.length > 5)
})

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const url = fc.webUrl({ withQueryParameters: true, withFragments: true, size: 'small' })
const peer = fc.tuple(
  fc.oneof(
    fc.ipV4(),
    fc.domain(),
    fc.ipV6().map(address => `[${address}]`),
  ),
  fc.integer({ min: 1, max: 65535 }),
)

test('What a link was written from is read from it again', t => {
  const torrent = fc.record({
    hashes: fc.oneof(
      fc.record({ infoHash: hex(40) }),
      fc.record({ infoHashV2: hex(64) }),
      fc.record({ infoHash: hex(40), infoHashV2: hex(64) }),
    ),
    name: fc.string({ unit: 'grapheme', minLength: 1 }).map(cleanName),
    trackers: fc.uniqueArray(url, { maxLength: 5 }),
    webSeeds: fc.uniqueArray(url, { maxLength: 5 }),
    peers: fc.uniqueArray(
      peer.map(([host, port]) => `${host}:${port}`.toLowerCase()),
      { maxLength: 5 },
    ),
  })
  fc.assert(
    fc.property(torrent, ({ hashes, name, trackers, webSeeds, peers }) => {
      const magnet = readMagnet(magnetLink({ ...hashes, name, sizeBytes: 5, trackers, webSeeds }, { peers }))
      t.deepEqual(magnet, { ...hashes, name, trackers, webSeeds, peers, sources: [] })
      t.is(magnetLink(readMagnet(magnetLink(magnet))), magnetLink(magnet))
    }),
  )
})

test('WebTorrent reads a link as we meant it', async t => {
  const { default: parseTorrent } = await import('parse-torrent')
  await fc.assert(
    fc.asyncProperty(
      hex(40),
      fc.string({ unit: 'grapheme', minLength: 1 }).map(cleanName),
      url,
      async (infoHash, name, tracker) => {
        const read = await parseTorrent(
          magnetLink(
            { infoHash, name, trackers: [[tracker]], webSeeds: [tracker] },
            { peers: ['1.2.3.4:5'] },
          ),
        )
        t.like(read, { infoHash, announce: [tracker], urlList: [tracker], peerAddresses: ['1.2.3.4:5'] })
      },
    ),
    { numRuns: runs(30) },
  )
})

test('Whatever a link is, it is read or refused with a code', t => {
  const parts = fc.constantFrom(
    link,
    'magnet:?',
    '&',
    '=',
    '%',
    '%zz',
    'xt',
    'xt=urn:btih:',
    'dn',
    'tr=',
    'so=',
    'x.pe',
    '__proto__=1',
    '.1',
    '\0',
    v1,
  )
  const uris = fc.oneof(
    fc.string({ unit: 'binary' }).map(text => `magnet:?${text}`),
    fc.string({ unit: 'binary' }).map(text => `${link}&${text}`),
    fc.array(parts).map(texts => texts.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(uris, uri => {
      try {
        const { infoHash, infoHashV2 } = readMagnet(uri)
        t.regex(infoHash ?? infoHashV2 ?? '', /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
      } catch (error) {
        t.true(error instanceof P2pShareError && /MAGNET|IDENTIFIER/.test(error.code), String(error))
      }
    }),
    { numRuns: runs(500) },
  )
  t.pass()
})
