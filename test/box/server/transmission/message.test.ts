import test from 'ava'
import { answerMessage, type Call } from '../../../../src/box/server/transmission/message.ts'
import { RpcError } from '../../../../src/box/server/transmission/rpc-error.ts'
import { P2pShareError } from '../../../../src/core/index.ts'

/** Answers with the method's name, and fails as it says. */
async function answer({ method, isLegacy }: Call): Promise<object> {
  if (method === 'unknown') throw new RpcError('method', 'method name not recognized')
  if (method === 'bad') throw new P2pShareError('ERR_INVALID_TORRENT', 'It is no torrent')
  if (method === 'full') throw new P2pShareError('ERR_DISK_FULL', 'No room left')
  if (method === 'broken') throw new TypeError('of /home/somebody')
  return { method, isLegacy }
}

const ask = async (message: unknown) => {
  const answered = await answerMessage(
    typeof message === 'string' ? message : JSON.stringify(message),
    answer,
  )
  return answered === undefined ? undefined : JSON.parse(answered)
}

test('a call of before 4.1 is answered with its tag', async t => {
  t.deepEqual(await ask({ method: 'session-get', tag: 4 }), {
    arguments: { method: 'session-get', isLegacy: true },
    result: 'success',
    tag: 4,
  })
  t.deepEqual(await ask({ method: 'unknown' }), { arguments: {}, result: 'method name not recognized' })
  t.deepEqual(await ask({ method: 'bad', tag: 1 }), { arguments: {}, result: 'It is no torrent', tag: 1 })
  t.like(await ask({}), { result: 'no method name' })
  t.like(await ask({ method: 'x', arguments: [] }), { result: 'arguments have to be an object' })
})

test('a call of JSON-RPC 2.0 is answered with its id', async t => {
  t.deepEqual(await ask({ jsonrpc: '2.0', method: 'session_get', id: 'a' }), {
    jsonrpc: '2.0',
    result: { method: 'session_get', isLegacy: false },
    id: 'a',
  })
})

test('each failure has the code of JSON-RPC, and why as Transmission tells it', async t => {
  const codes = { unknown: -32_601, bad: -32_602, full: -32_000, broken: -32_603 }
  for (const [method, code] of Object.entries(codes))
    t.like(await ask({ jsonrpc: '2.0', method, id: 1 }), { error: { code }, id: 1 })
  t.like(await ask({ jsonrpc: '2.0', method: 'full', id: 1 }), {
    error: { data: { error_string: 'No room left' } },
  })
  t.like(await ask('{'), { error: { code: -32_700 }, id: null })
  for (const message of [[], 3, null, { jsonrpc: '1.0', method: 'x', id: 1 }, { jsonrpc: '2.0', id: 1 }])
    t.like(await ask(message), { error: { code: -32_600 } })
  t.like(await ask({ jsonrpc: '2.0', method: 'x', id: 1, params: [1] }), { error: { code: -32_602 } })
})

test('of a fault of ours nothing is told but that it happened', async t => {
  const answered = JSON.stringify([
    await ask({ method: 'broken' }),
    await ask({ jsonrpc: '2.0', method: 'broken', id: 1 }),
  ])
  t.false(answered.includes('somebody'))
})

test('who does not want to hear is not answered', async t => {
  t.is(await ask({ jsonrpc: '2.0', method: 'session_get' }), undefined)
  t.is(await ask({ jsonrpc: '2.0', method: 'broken' }), undefined)
  t.is(await ask([{ jsonrpc: '2.0', method: 'session_get' }]), undefined)
})

test('a batch is answered one by one, in its order, and is bounded', async t => {
  const call = (id: number, method = 'm') => ({ jsonrpc: '2.0', method, id })
  const answers = await ask([call(1), call(2, 'bad'), { jsonrpc: '2.0', method: 'm' }, 7, call(3)])
  t.deepEqual(
    answers.map(({ id, error }: { id: unknown; error?: { code: number } }) => [id, error?.code]),
    [
      [1, undefined],
      [2, -32_602],
      [null, -32_600],
      [3, undefined],
    ],
  )
  t.like(await ask(Array.from({ length: 101 }, (_, id) => call(id))), { error: { code: -32_600 } })
})
