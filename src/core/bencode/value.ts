/** A decoded value. Byte strings are views of the input, which must not be changed while they are in use. */
export type BencodeValue = number | Uint8Array | BencodeList | BencodeDict

/**
 * What was decoded, as rows of three numbers, one row a value (keys are values too), in the order of the input: where
 * it starts, where it ends, and the row after the last one inside it. Objects are made only of what is asked for: two
 * million empty strings then take 24 MB, not the 350 MB that as many Uint8Arrays would.
 */
export interface Tape {
  readonly bytes: Uint8Array
  readonly rows: Int32Array
}

export const rowLength = 3
/** Where a row says at which byte its value ends. */
export const ending = 1
/** Where a row says which row comes after its value. */
export const following = 2

export const colon = 0x3a
export const letterD = 0x64
export const letterI = 0x69
export const letterL = 0x6c

/** A list within what was decoded. */
export class BencodeList implements Iterable<BencodeValue> {
  readonly #tape: Tape
  readonly #row: number

  constructor(tape: Tape, row: number) {
    this.#tape = tape
    this.#row = row
  }

  /** Its own bytes, from `l` to `e`. */
  get raw(): Uint8Array {
    return rawAt(this.#tape, this.#row)
  }

  /** Counted by walking through. */
  get length(): number {
    return countWithin(this.#tape, this.#row)
  }

  *[Symbol.iterator](): Generator<BencodeValue, undefined> {
    for (const row of rowsWithin(this.#tape, this.#row)) yield valueAt(this.#tape, row)
  }
}

/**
 * A dictionary within what was decoded, in the order of the input, each key once. A key given as a string stands for
 * one byte a character, which is what the keys that the BEPs name are.
 */
export class BencodeDict {
  readonly #tape: Tape
  readonly #row: number

  constructor(tape: Tape, row: number) {
    this.#tape = tape
    this.#row = row
  }

  /** Its own bytes, from `d` to `e`. */
  get raw(): Uint8Array {
    return rawAt(this.#tape, this.#row)
  }

  /** How many keys, counted by walking through. */
  get size(): number {
    return countWithin(this.#tape, this.#row) / 2
  }

  /** The value of a key. Looks at the keys one by one: of a large dictionary, take `entries`. */
  get(key: string): BencodeValue | undefined {
    const row = this.#find(key)
    return row === undefined ? undefined : valueAt(this.#tape, row)
  }

  /** A value's bytes as they stand in the input: what info-hashes and signatures are taken over. */
  rawOf(key: string): Uint8Array | undefined {
    const row = this.#find(key)
    return row === undefined ? undefined : rawAt(this.#tape, row)
  }

  *entries(): Generator<[key: Uint8Array, value: BencodeValue], undefined> {
    let key: number | undefined
    for (const row of rowsWithin(this.#tape, this.#row)) {
      if (key !== undefined) yield [stringAt(this.#tape, key), valueAt(this.#tape, row)]
      key = key === undefined ? row : undefined
    }
  }

  #find(key: string): number | undefined {
    const { bytes, rows } = this.#tape
    const end = rows[this.#row + following]!
    for (let row = this.#row + rowLength; row < end; ) {
      const value = rows[row + following]!
      const start = stringStart(bytes, rows[row]!)
      let matched = rows[row + ending]! - start === key.length ? 0 : Number.NaN
      while (matched < key.length && bytes[start + matched] === key.charCodeAt(matched)) matched++
      if (matched === key.length) return value
      row = rows[value + following]!
    }
    return undefined
  }
}

/** Makes the value of a row. */
export function valueAt(tape: Tape, row: number): BencodeValue {
  const { bytes, rows } = tape
  switch (bytes[rows[row]!]) {
    case letterD:
      return new BencodeDict(tape, row)
    case letterL:
      return new BencodeList(tape, row)
    case letterI:
      return Number(Buffer.from(bytes.subarray(rows[row]! + 1, rows[row + ending]! - 1)).toString('latin1'))
    default:
      return stringAt(tape, row)
  }
}

/** Where the content of a string begins, given where its length does. */
export function stringStart(bytes: Uint8Array, position: number): number {
  while (bytes[position] !== colon) position++
  return position + 1
}

/** The rows that lie directly within a list or dictionary. */
export function* rowsWithin({ rows }: Tape, row: number): Generator<number, undefined> {
  const end = rows[row + following]!
  for (let inner = row + rowLength; inner < end; inner = rows[inner + following]!) yield inner
}

function countWithin(tape: Tape, row: number): number {
  const { rows } = tape
  const end = rows[row + following]!
  let count = 0
  for (let inner = row + rowLength; inner < end; inner = rows[inner + following]!) count++
  return count
}

function stringAt({ bytes, rows }: Tape, row: number): Uint8Array {
  return bytes.subarray(stringStart(bytes, rows[row]!), rows[row + ending]!)
}

function rawAt({ bytes, rows }: Tape, row: number): Uint8Array {
  return bytes.subarray(rows[row]!, rows[row + ending]!)
}
