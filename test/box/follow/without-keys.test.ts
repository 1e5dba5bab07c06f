import test from 'ava'
import fc from 'fast-check'
import { messageWithoutKeys } from '../../../src/box/follow/without-keys.ts'

test('no address in a message keeps its keys, whichever it is, and the sentence around it stays', t => {
  const message =
    'Cannot fetch https://a.example.org/rss?key=s3cret: "http://me:s3cret@b.example.org:81/x#s3cret".'
  t.is(
    messageWithoutKeys(new Error(message)),
    'Cannot fetch https://a.example.org/rss: "http://b.example.org:81/x".',
  )
})

test('whatever surrounds it, what stands behind a question mark of an address is not told', t => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: false }), fc.string(), (url, text) => {
      const told = messageWithoutKeys(new Error(`${text} ${url}?k=s3cretkey, ${text}`))
      return !told.includes('s3cretkey')
    }),
  )
  t.pass()
})
