import { createHash, hash } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { type Bencodable, encodeBencode } from '../../../src/core/bencode/encode.ts'
import { P2pShareError } from '../../../src/core/errors.ts'
import { joinInside } from '../../../src/core/safe-path.ts'
import { rootOfPieceLayer } from '../../../src/core/torrent/merkle.ts'
import { metainfoFromInfo, parseMetainfo } from '../../../src/core/torrent/read-metainfo.ts'
import { runs } from '../../kit/runs.ts'
import { untrustedName } from '../../kit/untrusted-name.ts'

type Fields = Record<string, Bencodable | undefined>

const kib = 1024
const root = new Uint8Array(32).fill(7)

const torrentOf = (info: Bencodable, rest: Fields = {}) => encodeBencode({ ...rest, info })
const parse = (info: Bencodable, rest?: Fields) => parseMetainfo(torrentOf(info, rest))

/** A bare file of 40 KiB in pieces of 16 KiB. */
const bareFile = (changes: Fields = {}): Fields => ({
  length: 40 * kib,
  name: 'zoo.avi',
  'piece length': 16 * kib,
  pieces: new Uint8Array(60),
  ...changes,
})

/** An album with files of the given sizes, and what else each says. */
const album = (files: readonly Bencodable[], totalBytes: number, changes: Fields = {}): Fields => ({
  files,
  name: 'zoo',
  'piece length': 16 * kib,
  pieces: new Uint8Array(20 * Math.ceil(totalBytes / (16 * kib))),
  ...changes,
})

const treeFile = (length: number, more: Fields = {}): Bencodable => ({
  '': { length, ...(length > 0 ? { 'pieces root': root } : {}), ...more },
})

const v2 = (tree: Bencodable, changes: Fields = {}): Fields => ({
  'file tree': tree,
  'meta version': 2,
  name: 'zoo',
  'piece length': 16 * kib,
  ...changes,
})

const refused = (info: Bencodable, rest?: Fields) => {
  try {
    parse(info, rest)
    return 'read'
  } catch (error) {
    return error instanceof P2pShareError ? error.code : String(error)
  }
}

test('A bare file is read with everything around it', t => {
  const metainfo = parse(bareFile({ private: 1 }), {
    announce: 'udp://a.example:80',
    comment: 'Feeding time',
    'created by': 'somebody',
    'creation date': 1_700_000_000,
    'url-list': 'https://b.example/zoo.avi',
  })
  t.like(metainfo, {
    format: 'v1',
    name: 'zoo.avi',
    pieceLength: 16 * kib,
    pieceCount: 3,
    contentLength: 40 * kib,
    sizeBytes: 40 * kib,
    isAlbum: false,
    isPrivate: true,
    trackers: [['udp://a.example:80']],
    webSeeds: ['https://b.example/zoo.avi'],
    comment: 'Feeding time',
    createdBy: 'somebody',
  })
  t.deepEqual(metainfo.createdAt, new Date('2023-11-14T22:13:20Z'))
  t.is(metainfo.infoHashV2, undefined)
  t.deepEqual(metainfo.files, [
    { path: 'zoo.avi', sizeBytes: 40 * kib, offset: 0, isPad: false, isLink: false },
  ])
})

test('What is read cannot be changed, nor by changing the input', t => {
  const input = torrentOf(bareFile(), { announce: 'udp://a.example:80' })
  const metainfo = parseMetainfo(input)
  const { infoHash } = metainfo
  input.fill(0)
  t.is(hash('sha1', metainfo.infoBytes), infoHash!)
  for (const frozen of [
    metainfo,
    metainfo.files,
    metainfo.files[0],
    metainfo.trackers,
    metainfo.trackers[0],
    metainfo.webSeeds,
  ])
    t.true(Object.isFrozen(frozen))
})

test('The info-hash is taken over the raw bytes, keys out of order and unknown keys included', t => {
  const info = `d4:name4:temp6:lengthi5e12:piece lengthi16384e6:pieces20:${'x'.repeat(20)}3:abci1ee`
  const { infoHash, infoBytes, bytes } = parseMetainfo(Buffer.from(`d4:info${info}e`))
  t.is(infoHash, createHash('sha1').update(info).digest('hex'))
  t.is(Buffer.from(infoBytes).toString(), info)
  t.is(Buffer.from(bytes).toString(), `d4:info${info}e`)
})

test('An album lies end to end under its name, pads and links marked', t => {
  const files = [
    { length: 5, path: ['a', 'one.jpg'] },
    { attr: 'p', length: 11, path: ['.pad', '11'] },
    { attr: 'lx', length: 99, path: ['link'], 'symlink path': ['a', 'one.jpg'] },
    { length: 7, path: ['two.jpg'] },
    { attr: 'p', length: 3 },
    { length: 2, path: ['_____padding_file_0_if you see this'] },
  ]
  const metainfo = parse(album(files, 28))
  t.deepEqual(
    metainfo.files.map(({ path, sizeBytes, offset, isPad, isLink }) => [
      path,
      sizeBytes,
      offset,
      isPad,
      isLink,
    ]),
    [
      ['zoo/a/one.jpg', 5, 0, false, false],
      ['zoo/.pad/11', 11, 5, true, false],
      ['zoo/link', 0, 16, false, true],
      ['zoo/two.jpg', 7, 16, false, false],
      ['zoo/.pad/3', 3, 23, true, false],
      ['zoo/_____padding_file_0_if you see this', 2, 26, true, false],
    ],
  )
  t.is(metainfo.contentLength, 28)
  t.is(metainfo.sizeBytes, 12)
  t.true(metainfo.isAlbum)
})

test('Neither a pad nor a link takes a name away from a file', t => {
  const files = [
    { attr: 'p', length: 1, path: ['a'] },
    { attr: 'l', path: ['a'], 'symlink path': ['b'] },
    { length: 1, path: ['a'] },
  ]
  const paths = parse(album(files, 2)).files.map(({ path }) => path)
  t.deepEqual(paths, ['zoo/a', 'zoo/a.1', 'zoo/a'])
})

test('Thousands of pads of one name are no reason to refuse a torrent', t => {
  const pair = (index: number) => [
    { length: 10, path: [`${index}`] },
    { attr: 'p', length: 16 * kib - 10, path: ['.pad', `${16 * kib - 10}`] },
  ]
  const files = Array.from({ length: 2000 }, (_, index) => pair(index)).flat()
  t.is(parse(album(files, 2000 * 16 * kib)).files.length, 4000)
})

test('Names in UTF-8 are preferred where a torrent has both', t => {
  const files = [{ length: 5, path: [new Uint8Array([0xff])], 'path.utf-8': ['é.jpg'] }]
  const metainfo = parse(album(files, 5, { name: new Uint8Array([0xfe]), 'name.utf-8': 'Köln' }))
  t.is(metainfo.files[0]!.path, 'Köln/é.jpg')
})

test('A name of which nothing is left is replaced by the info-hash', t => {
  for (const name of ['', '.', '..', '/..', ' ']) {
    const { name: read, infoHash } = parse(bareFile({ name }))
    t.is(read, infoHash!, JSON.stringify(name))
  }
})

test('What does not make sense is refused', t => {
  const broken: Record<string, Fields> = {
    'no name': bareFile({ name: undefined }),
    'a name that is a number': bareFile({ name: 5 }),
    'no piece length': bareFile({ 'piece length': undefined }),
    'piece length 0': bareFile({ 'piece length': 0 }),
    'negative piece length': bareFile({ 'piece length': -16384 }),
    'piece length as text': bareFile({ 'piece length': '16384' }),
    'piece length beyond 512 MiB': bareFile({
      'piece length': 512 * kib * kib + 1,
      pieces: new Uint8Array(20),
    }),
    'pieces beyond 64 MiB': bareFile({
      length: 65 * kib * kib,
      'piece length': 65 * kib * kib,
      pieces: new Uint8Array(20),
    }),
    'no pieces': bareFile({ pieces: undefined }),
    'pieces as a list': bareFile({ pieces: [] }),
    'too few hashes': bareFile({ pieces: new Uint8Array(40) }),
    'too many hashes': bareFile({ pieces: new Uint8Array(80) }),
    'a part of a hash': bareFile({ pieces: new Uint8Array(61) }),
    'length 0': bareFile({ length: 0, pieces: new Uint8Array() }),
    'negative length': bareFile({ length: -1 }),
    'length as text': bareFile({ length: '5' }),
    'neither length nor files': bareFile({ length: undefined }),
    'files that are no list': bareFile({ files: {} }),
    'no files at all': album([], 0),
    'a file that is no dictionary': album([5], 5),
    'a file without length': album([{ path: ['a'] }], 5),
    'a file without path': album([{ length: 5 }], 5),
    'a file with an empty path': album([{ length: 5, path: [] }], 5),
    'a path that is text': album([{ length: 5, path: 'a' }], 5),
    'a path with a number': album([{ length: 5, path: ['a', 1] }], 5),
    'a link that leads to a number': album(
      [
        { length: 5, path: ['a'] },
        { attr: 'l', path: ['b'], 'symlink path': [1] },
      ],
      5,
    ),
    'files of 2^53 bytes together': album(
      [
        { length: Number.MAX_SAFE_INTEGER, path: ['a'] },
        { length: 5, path: ['b'] },
      ],
      5,
    ),
    'more than 2,097,152 pieces': bareFile({ length: 2_097_152 * 16 * kib + 1 }),
    'a file tree without a version': bareFile({ 'file tree': { a: treeFile(5) } }),
    'version 0': bareFile({ 'meta version': 0 }),
    'version as text': bareFile({ 'meta version': '2' }),
  }
  for (const [what, info] of Object.entries(broken)) t.is(refused(info), 'ERR_INVALID_TORRENT', what)
  t.is(refused(bareFile({ length: 2n ** 53n })), 'ERR_INVALID_BENCODE')
  t.is(refused(bareFile({ 'meta version': 3 })), 'ERR_UNSUPPORTED_TORRENT')
})

test('A torrent file has to be a dictionary with an info dictionary, and little else may follow it', t => {
  const bytes = Buffer.from(torrentOf(bareFile()))
  t.notThrows(() => parseMetainfo(Buffer.concat([bytes, Buffer.from('\n')])))
  t.notThrows(() => parseMetainfo(Buffer.concat([bytes, Buffer.from('\r\n')])))
  for (const rest of ['\n\n', 'e', ' ', '\0', 'i1e'])
    t.throws(() => parseMetainfo(Buffer.concat([bytes, Buffer.from(rest)])), { code: 'ERR_INVALID_BENCODE' })
  for (const text of ['i1e', 'le', '0:', 'de', 'd4:info0:e', 'd4:infolee'])
    t.throws(() => parseMetainfo(Buffer.from(text)), { code: 'ERR_INVALID_TORRENT' }, text)
  t.throws(() => parseMetainfo(new Uint8Array()), { code: 'ERR_INVALID_BENCODE' })
})

test('A torrent of more than 10 MB is refused unread', t => {
  t.throws(() => parseMetainfo(new Uint8Array(10_000_001)), { code: 'ERR_TORRENT_TOO_LARGE' })
})

test('A piece length beyond 64 MiB is read where the content is one shorter piece', t => {
  const length = 65 * kib * kib
  t.is(parse(bareFile({ 'piece length': length, pieces: new Uint8Array(20) })).pieceLength, length)
})

test('More than 100,000 files are refused', t => {
  const files = Array.from({ length: 100_001 }, (_, index) => ({ length: 1, path: [`${index}`] }))
  t.is(refused(album(files, files.length)), 'ERR_INVALID_TORRENT')
  t.is(parse(album(files.slice(1), files.length - 1)).files.length, 100_000)
})

test('Trackers and web seeds of no use are passed over, and there are a hundred at most', t => {
  const many = Array.from({ length: 150 }, (_, index) => [`http://t${index}.example/`])
  const lists: [Fields, string[][]][] = [
    [{ announce: '\t udp://a.example/announce ' }, [['udp://a.example/announce']]],
    [{ announce: 'ftp://a.example' }, []],
    [{ announce: 5 }, []],
    [{ announce: `http://a.example/${'x'.repeat(3000)}` }, []],
    [{ announce: 'http://a.example/é' }, [['http://a.example/%C3%A9']]],
    [{ announce: 'udp://a.example', 'announce-list': [] }, [['udp://a.example']]],
    [{ announce: 'udp://a.example', 'announce-list': [['nonsense']] }, [['udp://a.example']]],
    [{ announce: 'udp://a.example', 'announce-list': 'wrong' }, [['udp://a.example']]],
    [
      {
        'announce-list': [
          ['wss://b.example', 'wss://b.example', 5],
          'x',
          ['udp://c.example', 'wss://b.example'],
        ],
      },
      [['wss://b.example'], ['udp://c.example']],
    ],
    [{ 'announce-list': many }, many.slice(0, 100)],
  ]
  for (const [fields, trackers] of lists) t.deepEqual(parse(bareFile(), fields).trackers, trackers)
  const seeds: [Bencodable, string[]][] = [
    ['', []],
    [5, []],
    [[''], []],
    [['udp://a.example', 'http://a.example/x y', 'http://a.example/x y'], ['http://a.example/x%20y']],
    [many.flat(), many.flat().slice(0, 100)],
  ]
  for (const [list, webSeeds] of seeds)
    t.deepEqual(parse(bareFile(), { 'url-list': list }).webSeeds, webSeeds)
})

test('Descriptions of the wrong kind are passed over, long ones cut', t => {
  const wrong = parse(bareFile(), { comment: 5, 'created by': [], 'creation date': 'today' })
  t.is(wrong.comment ?? wrong.createdBy ?? wrong.createdAt, undefined)
  t.is(parse(bareFile(), { 'creation date': -1 }).createdAt, undefined)
  t.is(parse(bareFile(), { 'creation date': Number.MAX_SAFE_INTEGER }).createdAt, undefined)
  t.is(parse(bareFile(), { comment: 'x'.repeat(10_000) }).comment?.length, 4096)
})

test('Anything but 0 makes a torrent private', t => {
  const isPrivate = (value: Bencodable | undefined) => parse(bareFile({ private: value })).isPrivate
  t.deepEqual([undefined, 0, 1, 2, '1'].map(isPrivate), [false, false, true, true, true])
})

test('A v2-only torrent is read, its files aligned by pads', t => {
  const tree = {
    a: { 'b.jpg': treeFile(20 * kib), 'c.jpg': treeFile(0) },
    d: treeFile(16 * kib),
    e: treeFile(1),
  }
  const metainfo = parse(v2(tree))
  t.is(metainfo.format, 'v2')
  t.is(metainfo.infoHash, undefined)
  t.is(metainfo.infoHashV2, hash('sha256', metainfo.infoBytes))
  t.is(metainfo.pieceCount, 4)
  t.deepEqual(
    metainfo.files.map(({ path, sizeBytes, offset }) => [path, sizeBytes, offset]),
    [
      ['zoo/a/b.jpg', 20 * kib, 0],
      ['zoo/a/c.jpg', 0, 20 * kib],
      ['zoo/.pad/12288', 12 * kib, 20 * kib],
      ['zoo/d', 16 * kib, 32 * kib],
      ['zoo/e', 1, 48 * kib],
    ],
  )
  t.deepEqual(metainfo.files[0]!.piecesRoot, root)
  t.is(metainfo.files[1]!.piecesRoot, undefined)
  t.false(parse(v2({ 'zoo.avi': treeFile(5) }, { name: 'zoo.avi' })).isAlbum)
})

test('A file tree that does not make sense is refused', t => {
  const broken: Record<string, Fields> = {
    'no tree': v2([]),
    'an empty tree': v2({}),
    'a file without a name': v2({ '': { length: 5, 'pieces root': root } }),
    'a file that is a folder': v2({ a: { '': { length: 5, 'pieces root': root }, b: treeFile(5) } }),
    'a folder that is a number': v2({ a: 5 }),
    'a file that is a number': v2({ a: { '': 5 } }),
    'a file without root': v2({ a: { '': { length: 5 } } }),
    'a root of zeros': v2({ a: treeFile(5, { 'pieces root': new Uint8Array(32) }) }),
    'a short root': v2({ a: treeFile(5, { 'pieces root': new Uint8Array(31).fill(1) }) }),
    'a negative length': v2({ a: treeFile(-5, { 'pieces root': root }) }),
    'a pad': v2({ a: treeFile(5, { attr: 'p' }) }),
    'only links': v2({ a: treeFile(0, { attr: 'l', 'symlink path': ['b'] }) }),
    'a piece length of 8 KiB': v2({ a: treeFile(5) }, { 'piece length': 8 * kib }),
    'a piece length of 48 KiB': v2({ a: treeFile(5) }, { 'piece length': 48 * kib }),
  }
  for (const [what, info] of Object.entries(broken)) t.is(refused(info), 'ERR_INVALID_TORRENT', what)
})

test('A v2 torrent has its keys in order', t => {
  const info = Buffer.from(encodeBencode(v2({ a: treeFile(5) }))).toString('latin1')
  const unsorted = `${info.slice(0, -1)}1:ai1ee`
  t.throws(() => parseMetainfo(Buffer.from(`d4:info${unsorted}e`, 'latin1')), { code: 'ERR_INVALID_BENCODE' })
})

test('Piece layers are taken only where they hash up to the root of a file', t => {
  const layer = new Uint8Array(96).map((_, index) => index)
  const layerRoot = rootOfPieceLayer(layer, 16 * kib)
  const info = v2({ a: treeFile(40 * kib, { 'pieces root': layerRoot }), b: treeFile(5) })
  const layers = (entries: [Uint8Array, Bencodable][]): Fields => ({ 'piece layers': new Map(entries) })
  const { pieceLayers } = parse(info, layers([[layerRoot, layer]]))
  t.deepEqual(pieceLayers.get(Buffer.from(layerRoot).toString('hex')), layer)
  t.is(parse(info).pieceLayers.size, 0)
  t.is(parse(info, { 'piece layers': {} }).pieceLayers.size, 0)
  const broken: Record<string, Fields> = {
    'not a dictionary': { 'piece layers': [] },
    'of another file': layers([[new Uint8Array(32).fill(9), layer]]),
    'of a file of one piece': layers([[root, layer]]),
    'too short': layers([[layerRoot, layer.subarray(32)]]),
    'too long': layers([[layerRoot, new Uint8Array(128)]]),
    'not whole': layers([[layerRoot, new Uint8Array(95)]]),
    'with another hash': layers([[layerRoot, layer.map(byte => byte ^ 1)]]),
    'a number': layers([[layerRoot, 5]]),
  }
  for (const [what, rest] of Object.entries(broken)) t.is(refused(info, rest), 'ERR_INVALID_TORRENT', what)
  t.is(parse(bareFile(), { 'piece layers': 5 }).pieceLayers.size, 0)
})

test('The two parts of a hybrid torrent have to list the same files, each at the start of a piece', t => {
  const files = [
    { length: 20 * kib, path: ['a'] },
    { length: 0, path: ['b'] },
    { attr: 'p', length: 12 * kib, path: ['.pad', '12288'] },
    { length: 5, path: ['c', 'd'] },
  ]
  const tree = { a: treeFile(20 * kib), b: treeFile(0), c: { d: treeFile(5) } }
  const hybrid = (list: readonly Bencodable[], bytes: number, changes: Fields = {}) =>
    album(list, bytes, { 'meta version': 2, 'file tree': tree, ...changes })
  const metainfo = parse(hybrid(files, 33 * kib))
  t.is(metainfo.format, 'hybrid')
  t.is(metainfo.infoHash, hash('sha1', metainfo.infoBytes))
  t.is(metainfo.infoHashV2, hash('sha256', metainfo.infoBytes))
  t.deepEqual(metainfo.files[3]!.piecesRoot, root)
  const broken: Record<string, Fields> = {
    'a file missing': hybrid(files.slice(0, 3), 32 * kib),
    'a file more': hybrid([...files, { length: 0, path: ['z'] }], 33 * kib),
    'another name': hybrid([{ length: 20 * kib, path: ['x'] }, ...files.slice(1)], 33 * kib),
    'another folder': hybrid([...files.slice(0, 3), { length: 5, path: ['d'] }], 33 * kib),
    'another size': hybrid([...files.slice(0, 3), { length: 6, path: ['c', 'd'] }], 33 * kib),
    'another order': hybrid([files[1]!, files[0]!, ...files.slice(2)], 33 * kib),
    'no pad': hybrid([files[0]!, files[1]!, files[3]!], 21 * kib),
    'no tree': hybrid(files, 33 * kib, { 'file tree': undefined }),
    'no pieces': hybrid(files, 33 * kib, { pieces: undefined }),
    'another bare file': bareFile({ 'meta version': 2, 'file tree': { x: treeFile(40 * kib) } }),
  }
  for (const [what, info] of Object.entries(broken)) t.is(refused(info), 'ERR_INVALID_TORRENT', what)
})

test('The info dictionary of a peer is wrapped byte for byte', t => {
  const info = Buffer.from(`d4:name4:temp6:lengthi5e12:piece lengthi16384e6:pieces20:${'x'.repeat(20)}e`)
  const trackers = [['udp://a.example:80', 'udp://b.example:80'], ['wss://c.example']]
  const webSeeds = ['http://d.example/']
  const metainfo = metainfoFromInfo(info, { trackers, webSeeds })
  t.is(metainfo.infoHash, hash('sha1', info))
  t.deepEqual(metainfo.trackers, trackers)
  t.deepEqual(metainfo.webSeeds, webSeeds)
  t.deepEqual(parseMetainfo(metainfo.bytes), metainfo)
  t.deepEqual(metainfoFromInfo(info).trackers, [])
  for (const bytes of ['i1e', 'de', 'x', `${info}e`])
    t.throws(() => metainfoFromInfo(Buffer.from(bytes)), { instanceOf: P2pShareError }, bytes)
})

test('Whatever names an album has, its files are unique and below its folder', t => {
  const untrusted = fc.array(fc.array(untrustedName, { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 10,
  })
  fc.assert(
    fc.property(untrustedName, untrusted, (name, paths) => {
      const files = paths.map(path => ({ length: 1, path }))
      const metainfo = parse(album(files, files.length, { name }))
      t.is(new Set(metainfo.files.map(({ path }) => path.toLowerCase())).size, files.length)
      for (const { path } of metainfo.files) {
        t.true(path.startsWith(`${metainfo.name}/`))
        t.notThrows(() => joinInside('/srv', path))
      }
    }),
  )
})

test('A damaged torrent is read or refused with a code, whatever the damage', t => {
  const layer = new Uint8Array(96).map((_, index) => index)
  const layerRoot = rootOfPieceLayer(layer, 16 * kib)
  const tree = { a: treeFile(40 * kib, { 'pieces root': layerRoot }), b: treeFile(5) }
  const list = [
    { length: 40 * kib, path: ['a'] },
    { attr: 'p', length: 8 * kib, path: ['.pad', '8192'] },
    { length: 5, path: ['b'] },
  ]
  const samples = [
    torrentOf(bareFile(), { announce: 'udp://a.example', 'url-list': ['http://b.example'], comment: 'x' }),
    torrentOf(
      album(
        [
          { length: 5, path: ['a', 'b'] },
          { attr: 'l', path: ['c'], 'symlink path': ['a'] },
        ],
        5,
      ),
    ),
    torrentOf(album(list, 48 * kib + 5, { 'meta version': 2, 'file tree': tree }), {
      'piece layers': new Map([[layerRoot, layer]]),
    }),
  ]
  const damage = fc.array(
    fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.oneof(
        fc.constantFrom('', 'i0e', '0:', 'le', 'de', '9', 'e', 'd', 'i-1e'),
        fc.string({ maxLength: 3 }),
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...samples), damage, (sample, changes) => {
      let bytes = Buffer.from(sample)
      for (const [place, removed, added] of changes) {
        const at = place % (bytes.length + 1)
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(added, 'latin1'),
          bytes.subarray(at + removed),
        ])
      }
      try {
        const { infoBytes, infoHash, files, contentLength } = parseMetainfo(bytes)
        if (infoHash) t.is(infoHash, hash('sha1', infoBytes))
        t.is(
          files.reduce((sum, file) => sum + file.sizeBytes, 0),
          contentLength,
        )
      } catch (error) {
        t.true(error instanceof P2pShareError, String(error))
      }
    }),
    { numRuns: runs(1000) },
  )
  t.pass()
})

test('A torrent made to take long is read or refused within 10 s', t => {
  const deepFiles = Array.from({ length: 30_000 }, (_, index) => ({
    length: 1,
    path: Array.from({ length: 20 }, (_, depth) => `é${(index * 20 + depth).toString(36)}`),
  }))
  let tree: Bencodable = new Map(
    Array.from({ length: 50_000 }, (_, index) => [index.toString(36), treeFile(1)] as const),
  )
  for (let depth = 0; depth < 90; depth++) tree = { folder: tree }
  const slow: Record<string, () => Uint8Array> = {
    'deep paths': () => torrentOf(album(deepFiles, deepFiles.length)),
    'a path of a million parts': () => torrentOf(album([{ length: 1, path: Array(1_000_000).fill('a') }], 1)),
    'a deep tree': () => torrentOf(v2(tree, { 'piece length': 16 * kib })),
    'many trackers': () => torrentOf(bareFile(), { 'announce-list': Array(1_000_000).fill([]) }),
    'a long piece layer': () =>
      torrentOf(v2({ a: treeFile(250_000 * 16 * kib) }), {
        'piece layers': new Map([[root, new Uint8Array(8_000_000)]]),
      }),
  }
  for (const [what, make] of Object.entries(slow)) {
    const bytes = make()
    const started = performance.now()
    try {
      parseMetainfo(bytes)
    } catch (error) {
      t.true(error instanceof P2pShareError, what)
    }
    t.true(performance.now() - started < 10_000, what)
  }
})
