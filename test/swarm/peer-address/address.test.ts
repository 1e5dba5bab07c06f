import test from 'ava'
import fc from 'fast-check'
import { formatAddress, hostOf, parseAddress } from '../../../src/swarm/peer-address/address.ts'

test('both families read, with the port', t => {
  t.deepEqual(parseAddress('1.2.3.4:6881'), { host: '1.2.3.4', port: 6881 })
  t.deepEqual(parseAddress('[2001:db8::1]:80'), { host: '2001:db8::1', port: 80 })
})

test('a host has one spelling', t => {
  const spelt = (text: string) => formatAddress(parseAddress(text)!)
  for (const text of ['[2001:db8::1]:80', '[2001:DB8:0:0:0:0:0:1]:80', '[2001:0db8::0001]:00080'])
    t.is(spelt(text), '[2001:db8::1]:80')
  for (const text of ['1.2.3.4:80', '[::ffff:1.2.3.4]:80', '[::FFFF:102:304]:80', '1.2.3.4:0080'])
    t.is(spelt(text), '1.2.3.4:80')
})

test('what is no address of a peer is none', t => {
  for (const text of [
    '',
    'example.org:80',
    '1.2.3.4',
    '1.2.3.4:0',
    '1.2.3.4:65536',
    '1.2.3.4:-1',
    '1.2.3.4:8 0',
    '1.2.3.04:80',
    '1.2.3.256:80',
    '[1.2.3.4]:80',
    '2001:db8::1:80',
    '[2001:db8::1]',
    '[fe80::1%eth0]:80',
    '[:::1]:80',
    '1.2.3.4:80\n',
    `[${'1'.repeat(1_000_000)}]:80`,
  ])
    t.is(parseAddress(text), undefined, text.slice(0, 50))
})

test('the host of an address is told without brackets and port', t => {
  t.is(hostOf('1.2.3.4:80'), '1.2.3.4')
  t.is(hostOf('[2001:db8::1]:80'), '2001:db8::1')
  t.is(hostOf('somebody'), 'somebody')
})

test('whatever reads, reads the same once it is written', t => {
  const port = fc.integer({ min: 1, max: 65_535 })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6().map(host => `[${host}]`),
      ),
      port,
      (host, number) => {
        const parsed = parseAddress(`${host}:${number}`)
        // A few spellings that fast-check knows are longer than any that is in use.
        if (!parsed) return host.length > 45
        const again = parseAddress(formatAddress(parsed))
        return again?.host === parsed.host && again.port === number
      },
    ),
  )
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => parseAddress(text) === undefined))
  t.pass()
})
