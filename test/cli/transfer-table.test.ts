import test from 'ava'
import { viewOf } from '../../src/box/server/transfer-view.ts'
import type { Env, Screen } from '../../src/cli/env.ts'
import { formatTransfers } from '../../src/cli/transfer-table.ts'
import { type ErrorCode, P2pShareError } from '../../src/index.ts'
import { makeItem } from '../kit/box-item.ts'

const env = { variables: { NO_COLOR: '1' } } as unknown as Env

/** A transfer that is paused, by somebody or by what it met. */
const paused = (id: number, code?: ErrorCode) =>
  makeItem(
    { id, isPaused: code === undefined },
    { state: 'paused', stats: { reason: code && new P2pShareError(code, 'why') } },
  )

test('a list tells what a full disk holds up from what somebody paused', async t => {
  const views = [paused(1), paused(2, 'ERR_DISK_FULL'), paused(3, 'ERR_CANNOT_WRITE')].map(item =>
    viewOf(item, 0),
  )
  const [, ...rows] = (await formatTransfers(views, { isTTY: false } as Screen, env)).split('\n')
  t.regex(rows[0]!, /zoo +paused/)
  t.regex(rows[1]!, /zoo +disk full/)
  t.regex(rows[2]!, /zoo +cannot write/)
  t.deepEqual(
    views.map(({ state }) => state),
    ['paused', 'paused', 'paused'],
  )
})
