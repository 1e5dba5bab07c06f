import { P2pShareError } from '../core/index.ts'

export interface JsonBounds {
  /** @default 32 */
  readonly maxDepth?: number | undefined
  /** Values, names and lists, counted together. @default 500_000 */
  readonly maxValues?: number | undefined
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Reads JSON of somebody else. What would make far more of itself in memory than it is long, or take seconds to be read, is refused
 * before it is.
 *
 * @throws {P2pShareError} `ERR_INVALID_JSON` where it is none, nested deeper or of more values than allowed
 */
export function parseBoundedJson(
  text: string,
  { maxDepth = 32, maxValues = 500_000 }: JsonBounds = {},
): unknown {
  let [depth, values] = [0, 0]
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) isInText = !isInText
    else if (isInText) {
      if (unit === backslash) at++
    } else if (unit === openList || unit === openObject) {
      if (++depth > maxDepth) throw refusal(`nested deeper than ${maxDepth}`)
      values++
    } else if (unit === closeList || unit === closeObject) depth--
    else if (unit === comma || unit === colon) values++
    if (values > maxValues) throw refusal(`of more than ${maxValues} values`)
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new P2pShareError('ERR_INVALID_JSON', 'This is no JSON', { cause })
  }
}

function refusal(why: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_JSON', `JSON that is ${why} is not read`)
}
