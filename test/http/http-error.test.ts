import test from 'ava'
import { P2pShareError } from '../../src/core/index.ts'
import { HttpError, httpErrorOf } from '../../src/http/index.ts'

test('an error of the client is told, a fault of ours is not', t => {
  const told = httpErrorOf(new P2pShareError('ERR_INVALID_MAGNET', 'This is no magnet link'))
  t.is(told.status, 400)
  t.is(told.detail, 'This is no magnet link')
  const statuses = [
    ['ERR_NO_SUCH_LISTING', 404],
    ['ERR_RATE_LIMITED', 429],
    ['ERR_TARGET_EXISTS', 409],
    ['ERR_STOPPED', 409],
    ['ERR_NOT_AUTHORIZED', 403],
    ['ERR_TORRENT_TOO_LARGE', 413],
    ['ERR_DATABASE', 503],
    ['ERR_INTERNAL', 500],
  ] as const
  for (const [code, status] of statuses) t.is(httpErrorOf(new P2pShareError(code, 'x')).status, status, code)
  const fault = httpErrorOf(new Error('password=hunter2 in /home/ann'))
  t.is(fault.status, 500)
  t.false(fault.detail.includes('hunter2'))
  t.false(
    httpErrorOf(new P2pShareError('ERR_DATABASE', 'postgres://ann:hunter2@db')).detail.includes('hunter2'),
  )
  const same = new HttpError(418, 'tea')
  t.is(httpErrorOf(same), same)
})
