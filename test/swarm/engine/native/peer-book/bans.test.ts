import test from 'ava'
import { Bans } from '../../../../../src/swarm/engine/native/peer-book/bans.ts'

function bansAt(ms = 0) {
  const time = { ms }
  return { time, bans: new Bans(() => time.ms) }
}

test('a banned host is banned at every port, for an hour', t => {
  const { bans, time } = bansAt()
  t.false(bans.isBanned('1.2.3.4:80'))
  t.true(bans.ban('1.2.3.4:80'))
  t.false(bans.ban('1.2.3.4:81'), 'it is already')
  t.true(bans.isBanned('1.2.3.4:6881'))
  t.false(bans.isBanned('1.2.3.5:80'))
  time.ms = 3_599_999
  t.true(bans.isBanned('1.2.3.4:80'))
  time.ms = 3_600_000
  t.false(bans.isBanned('1.2.3.4:80'))
  t.true(bans.ban('1.2.3.4:80'))
})

test('another spelling of an address does not escape the ban', t => {
  const { bans } = bansAt()
  bans.ban('1.2.3.4:80')
  t.true(bans.isBanned('[::ffff:1.2.3.4]:80'))
  bans.ban('[fd00::a]:80')
  t.true(bans.isBanned('[FD00:0::000a]:81'))
})

test('of a public IPv6 address the /64 is banned, of one in a local network the host alone', t => {
  const { bans } = bansAt()
  bans.ban('[2001:db8:1:2:3:4:5:6]:80')
  t.true(bans.isBanned('[2001:db8:1:2::9]:80'))
  t.false(bans.isBanned('[2001:db8:1:3::9]:80'))
  bans.ban('[2001:db8::7]:80')
  t.true(bans.isBanned('[2001:db8:0:0:1::]:80'))
  t.false(bans.isBanned('[2001:db8:0:1::7]:80'))
  bans.ban('[fe80::1]:80')
  t.false(bans.isBanned('[fe80::2]:80'))
})

test('on the loopback interface, where one host is many programs, a port alone is banned', t => {
  const { bans } = bansAt()
  bans.ban('127.0.0.1:80')
  bans.ban('[::1]:80')
  t.true(bans.isBanned('127.0.0.1:80'))
  t.true(bans.isBanned('[0:0::1]:80'))
  t.false(bans.isBanned('127.0.0.1:81'))
  t.false(bans.isBanned('[::1]:81'))
})

test('a name that is no address is banned as it is', t => {
  const { bans } = bansAt()
  bans.ban('somebody')
  t.true(bans.isBanned('somebody'))
  t.false(bans.isBanned('somebody else'))
})

test('beyond 10,000 the oldest ban is forgotten', t => {
  const { bans } = bansAt()
  const address = (at: number) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}:1`
  for (let at = 0; at <= 10_000; at++) bans.ban(address(at))
  t.false(bans.isBanned(address(0)))
  t.true(bans.isBanned(address(1)))
  t.true(bans.isBanned(address(10_000)))
})
