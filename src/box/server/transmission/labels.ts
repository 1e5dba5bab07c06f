import type { Params } from './params.ts'
import { RpcError } from './rpc-error.ts'

const mostLabels = 100
const longestLabel = 100

/** @throws {RpcError} where there are too many, or one is too long */
export function readLabels(params: Params): readonly string[] | undefined {
  const given = params.texts('labels', mostLabels)
  if (!given) return undefined
  const labels = new Set(given.map(label => label.trim()).filter(label => label !== ''))
  for (const label of labels)
    if (label.length > longestLabel)
      throw new RpcError('params', `a label has at most ${longestLabel} characters`)
  return [...labels]
}
