import test from 'ava'
import fc from 'fast-check'
import {
  isPublicAddress,
  peerAddress,
  trackerProtocols,
  usableUrl,
  webProtocols,
} from '../../../src/core/torrent/web-address.ts'

test('Addresses of the Internet are public', t => {
  const hosts = [
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '223.255.255.255',
  ]
  const v6 = ['2606:4700::1111', '[2606:4700::1111]', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1']
  const names = ['example.com', 'tracker.example.com.', 'xn--nxasmq6b', 'localhost.example.com']
  for (const host of [...hosts, ...v6, ...names]) t.true(isPublicAddress(host), host)
})

test('Addresses of this machine, of its network and of nobody are not public', t => {
  const v4 = [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
  ]
  const moreV4 = ['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.168.1.1', '192.0.0.1', '192.0.2.1']
  const lastV4 = [
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
  ]
  const v6 = [
    '::',
    '::1',
    '[::1]',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    'fec0::1',
    '100::1',
  ]
  const moreV6 = [
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '64:ff9b:1::8.8.8.8',
    '::8.8.8.8',
    '4000::1',
  ]
  const embedded = [
    '::ffff:127.0.0.1',
    '[::ffff:10.0.0.1]',
    '::ffff:7f00:1',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::1',
  ]
  const names = [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'x.localhost',
    'nas.local',
    'router.home.arpa',
    'a.internal',
  ]
  const nothing = ['', ' ', '[', '[::1', '1.2.3.4.5:', 'a b', 'a/b', '::1::', '256.1.1.1']
  const hosts = [...v4, ...moreV4, ...lastV4, ...v6, ...moreV6, ...embedded, ...names, ...nothing]
  for (const host of hosts) t.false(isPublicAddress(host), host)
})

test('Other spellings of a private address do not make it public', t => {
  const spellings = [
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '10.1',
  ]
  const more = [
    '0xa9fea9fe',
    '0',
    '192.168.257',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '::FFFF:7F00:0001',
  ]
  for (const host of [...spellings, ...more]) t.false(isPublicAddress(host), host)
})

test('An IPv4 address is judged alike bare, mapped, translated and as a number', t => {
  fc.assert(
    fc.property(fc.ipV4(), address => {
      const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
      const isPublic = isPublicAddress(address)
      for (const spelling of [
        `::ffff:${address}`,
        `[::ffff:${address}]`,
        `64:ff9b::${address}`,
        `${number}`,
        `0x${number.toString(16)}`,
      ])
        t.is(isPublicAddress(spelling), isPublic, spelling)
    }),
  )
})

test('Whatever a host is, it is judged without failing', t => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV6(), fc.domain(), fc.webAuthority()), host => {
      t.is(typeof isPublicAddress(host), 'boolean')
    }),
  )
})

test('URLs of other schemes, without a host or too long are not usable', t => {
  t.is(usableUrl(' udp://a.example:80/announce\t', trackerProtocols), 'udp://a.example:80/announce')
  t.is(usableUrl('wss://a.example', trackerProtocols), 'wss://a.example')
  t.is(usableUrl('http://a.example/x y/é', webProtocols), 'http://a.example/x%20y/%C3%A9')
  const unusable = [
    '',
    'a.example:80/announce',
    'file:///etc/passwd',
    'javascript:1',
    'http://',
    'udp:a',
    'http://a b/',
  ]
  for (const text of [
    ...unusable,
    `http://a.example/${'x'.repeat(2048)}`,
    `http://a.example/${'é'.repeat(1000)}`,
  ])
    t.is(usableUrl(text, trackerProtocols), undefined, text)
  t.is(usableUrl('udp://a.example:80', webProtocols), undefined)
})

test('The address of a peer has a host and a port', t => {
  t.is(peerAddress('1.2.3.4:6881'), '1.2.3.4:6881')
  t.is(peerAddress('[2001:DB8::1]:080'), '[2001:db8::1]:80')
  t.is(peerAddress('peer.example:65535'), 'peer.example:65535')
  const broken = [
    '',
    ':80',
    '1.2.3.4',
    '1.2.3.4:0',
    '1.2.3.4:65536',
    '1.2.3.4:-1',
    '[::1',
    '[1.2.3.4]:80',
    '::1:80',
    'a b:80',
    'a/b:80',
  ]
  for (const text of broken) t.is(peerAddress(text), undefined, text)
})
