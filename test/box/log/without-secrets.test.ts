import test from 'ava'
import { withoutSecrets } from '../../../src/box/log/without-secrets.ts'

test('a secret is left out wherever it stands', t => {
  t.is(withoutSecrets('Bearer abc123, then abc123', ['abc123', '']), 'Bearer …, then …')
})

test('of a web address only the host stays: keys of trackers stand behind it, passwords before it', t => {
  t.is(
    withoutSecrets('https://me:pw@tracker.example.org:8443/announce/0123456789abcdef?passkey=1 fails', []),
    'https://tracker.example.org:8443/… fails',
  )
  t.is(withoutSecrets('"udp://tracker.example.org:80/announce"', []), '"udp://tracker.example.org:80/…"')
  t.is(withoutSecrets('http://zoo.example.org?key=1', []), 'http://zoo.example.org/…')
})

test('what stands behind an address stays, as the colon before why it cannot be fetched', t => {
  t.is(
    withoutSecrets('Cannot fetch https://zoo.example.org/rss/key: 404. See http://[::1]/, too', []),
    'Cannot fetch https://zoo.example.org/…: 404. See http://[::1], too',
  )
})

test('an address without a path stays as it is', t => {
  t.is(
    withoutSecrets('runs at http://127.0.0.1:8481 and http://[::1]:8481/', []),
    'runs at http://127.0.0.1:8481 and http://[::1]:8481',
  )
})

test('a magnet link says nothing but that it is one', t => {
  t.is(
    withoutSecrets('magnet:?xt=urn:btih:0123&tr=https://t.example.org/key is refused', []),
    'magnet:… is refused',
  )
})
