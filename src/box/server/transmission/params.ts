import { modernName } from './names.ts'
import { RpcError } from './rpc-error.ts'

const longestText = 4_096
const mostNames = 500
/** As many as a torrent may have files. */
const longestList = 100_000

/**
 * What a call was given, by the names of 4.1. Clients are sloppy: numbers and truth values may come as text, one value where a list
 * is meant. What still does not fit fails the call.
 */
export class Params {
  readonly #values = new Map<string, unknown>()

  /** @throws {RpcError} where they are no object */
  constructor(given: unknown) {
    if (given === undefined || given === null) return
    if (typeof given !== 'object' || Array.isArray(given))
      throw new RpcError('params', 'arguments have to be an object')
    const entries = Object.entries(given)
    if (entries.length > mostNames) throw new RpcError('params', `there are more than ${mostNames} arguments`)
    for (const [name, value] of entries) this.#values.set(modernName(name), value)
  }

  get names(): readonly string[] {
    return [...this.#values.keys()]
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  raw(name: string): unknown {
    return this.#values.get(name)
  }

  /** A finite number; `undefined` where there is none of that name. */
  number(name: string): number | undefined {
    if (!this.has(name)) return undefined
    const number = numberOf(this.raw(name))
    if (number === undefined) throw new RpcError('params', `${name} has to be a number`)
    return number
  }

  flag(name: string): boolean | undefined {
    if (!this.has(name)) return undefined
    const value = this.raw(name)
    if (value === true || value === 1 || value === 'true' || value === '1') return true
    if (value === false || value === 0 || value === 'false' || value === '0') return false
    throw new RpcError('params', `${name} has to be true or false`)
  }

  text(name: string, longest = longestText): string | undefined {
    if (!this.has(name)) return undefined
    const value = this.raw(name)
    if (typeof value !== 'string') throw new RpcError('params', `${name} has to be a text`)
    if (value.length > longest) throw new RpcError('params', `${name} is longer than ${longest} characters`)
    return value
  }

  texts(name: string, most = 1_000): readonly string[] | undefined {
    return this.#list(name, most)?.map(value => {
      if (typeof value === 'string' && value.length <= longestText) return value
      throw new RpcError('params', `${name} has to be a list of texts`)
    })
  }

  numbers(name: string): readonly number[] | undefined {
    return this.#list(name, longestList)?.map(value => {
      const number = numberOf(value)
      if (number !== undefined) return number
      throw new RpcError('params', `${name} has to be a list of numbers`)
    })
  }

  #list(name: string, most: number): readonly unknown[] | undefined {
    if (!this.has(name)) return undefined
    const value = this.raw(name)
    const list = Array.isArray(value) ? value : [value]
    if (list.length > most) throw new RpcError('params', `${name} has more than ${most} entries`)
    return list
  }
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
