import test from 'ava'
import { hashToken, newToken, sameToken } from '../../src/http/index.ts'

test('a token is 256 random bits, and told apart from every other', t => {
  const [one, other] = [newToken(), newToken()]
  t.regex(one, /^[\w-]{43}$/)
  t.not(one, other)
  t.true(sameToken(one, one))
  t.false(sameToken(one, other))
  t.false(sameToken(one, `${one}a`), 'nor does another length throw')
  t.regex(hashToken(one), /^[0-9a-f]{64}$/)
})
