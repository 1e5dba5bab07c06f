import test from 'ava'
import { addressReader } from '../../src/http/index.ts'

test('X-Forwarded-For counts only as far as trusted proxies wrote it', t => {
  const direct = addressReader()
  t.is(direct('203.0.113.5', '1.1.1.1'), '203.0.113.5', 'nobody is trusted unless named')

  const behind = addressReader(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
  t.is(behind('127.0.0.1', '203.0.113.5'), '203.0.113.5')
  t.is(
    behind('127.0.0.1', '6.6.6.6, 203.0.113.5, 10.2.3.4'),
    '203.0.113.5',
    'what the client made up is passed over',
  )
  t.is(behind('::ffff:127.0.0.1', '203.0.113.5'), '203.0.113.5')
  t.is(behind('fd00::7', '2001:db8::1'), '2001:db8::1')
  t.is(behind('203.0.113.9', '1.1.1.1'), '203.0.113.9', 'who is no proxy is not believed')
  t.is(behind('127.0.0.1', 'unknown, "><script>'), '127.0.0.1')
  t.is(behind('127.0.0.1', undefined), '127.0.0.1')
})

test('a proxy that is no address is refused', t => {
  for (const entry of ['proxy.example', '10.0.0.0/33', '10.0.0.0/x', ''])
    t.throws(() => addressReader([entry]), { code: 'ERR_INVALID_ARGUMENT' }, entry)
})
