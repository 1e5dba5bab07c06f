import { parseBoundedJson } from '../../../http/index.ts'
import { Params } from './params.ts'
import { RpcError, rpcErrorOf } from './rpc-error.ts'

/** Something that is to be done. */
export interface Call {
  /** As it was written. */
  readonly method: string
  readonly params: Params
  /** Whether it came as clients of before 4.1 write it, who know other names. */
  readonly isLegacy: boolean
}

/** Does what was asked for, and gives the answer with its names. */
export type Answerer = (call: Call) => Promise<object>

const mostCalls = 100

/**
 * Answers what was sent: JSON-RPC 2.0, as from 4.1 on, one call or a batch, or the form of before. What goes wrong is told in the
 * same form. `undefined` where there is nothing to answer, because nobody waits for it.
 */
export async function answerMessage(text: string, answer: Answerer): Promise<string | undefined> {
  let message: unknown
  try {
    message = parseBoundedJson(text)
  } catch (error) {
    return JSON.stringify(failed(null, new RpcError('parse', (error as Error).message)))
  }
  const answered = Array.isArray(message)
    ? await answerBatch(message, answer)
    : await answerOne(message, answer)
  return answered && JSON.stringify(answered)
}

async function answerBatch(messages: readonly unknown[], answer: Answerer): Promise<object | undefined> {
  if (messages.length === 0) return failed(null, new RpcError('request', 'the list is empty'))
  if (messages.length > mostCalls)
    return failed(null, new RpcError('request', `at most ${mostCalls} calls can be made at once`))
  const answers: object[] = []
  // One after the other: a client may count on the order.
  for (const message of messages) {
    const answered = await answerOne(message, answer, true)
    if (answered) answers.push(answered)
  }
  return answers.length > 0 ? answers : undefined
}

async function answerOne(message: unknown, answer: Answerer, isInBatch = false): Promise<object | undefined> {
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return failed(null, new RpcError('request', 'a call is an object'))
  const given = message as Record<string, unknown>
  const isModern = isInBatch || Object.hasOwn(given, 'jsonrpc')
  return isModern ? answerModern(given, answer) : answerLegacy(given, answer)
}

async function answerModern(
  { jsonrpc, id, method, params }: Record<string, unknown>,
  answer: Answerer,
): Promise<object | undefined> {
  const isIdGood = id === undefined || id === null || typeof id === 'string' || typeof id === 'number'
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !isIdGood)
    return failed(isIdGood ? (id ?? null) : null, new RpcError('request', 'this is no call of JSON-RPC 2.0'))
  try {
    if (Array.isArray(params)) throw new RpcError('params', 'params have to be given by their names')
    const result = await answer({ method, params: new Params(params), isLegacy: false })
    return id === undefined ? undefined : { jsonrpc: '2.0', result, id }
  } catch (error) {
    return id === undefined ? undefined : failed(id, rpcErrorOf(error))
  }
}

async function answerLegacy(
  { method, arguments: given, tag }: Record<string, unknown>,
  answer: Answerer,
): Promise<object> {
  const tagged = typeof tag === 'number' || typeof tag === 'string' ? { tag } : {}
  try {
    if (typeof method !== 'string') throw new RpcError('request', 'no method name')
    const result = await answer({ method, params: new Params(given), isLegacy: true })
    return { arguments: result, result: 'success', ...tagged }
  } catch (error) {
    return { arguments: {}, result: rpcErrorOf(error).message, ...tagged }
  }
}

function failed(id: unknown, error: RpcError): object {
  return { jsonrpc: '2.0', error: error.toJson(), id }
}
