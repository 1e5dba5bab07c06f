/** Runs {@link Rc4Loop.run} over its memory: the permutation in the first 256 bytes, data from {@link windowAt} on. */
export interface Rc4Loop {
  readonly memory: Uint8Array
  /** XORs the keystream onto `memory[from, to)`, not empty, beginning from the indexes i and j; returns j as it is then. */
  readonly run: (i: number, j: number, from: number, to: number) => number
}

export const windowAt = 65_536
export const windowLength = 65_536

// Types of WebAssembly come with those of browsers only.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

let loop: Rc4Loop | undefined

/** The inner loop of RC4 in WebAssembly, about twice as fast as in JavaScript. One for the thread, made when first used. */
export function rc4Loop(): Rc4Loop {
  if (loop) return loop
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()))
  const { memory, run } = exports as { memory: { buffer: ArrayBuffer }; run: Rc4Loop['run'] }
  loop = { memory: new Uint8Array(memory.buffer), run }
  return loop
}

const i32 = 0x7f
const noResult = 0x40

const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const tee = (local: number) => [0x22, local]
const constant = (value: number) => [0x41, ...signed(value)]
const loadByte = [0x2d, 0, 0]
const storeByte = [0x3a, 0, 0]
const add = [0x6a]
const xor = [0x73]
const isBelow = [0x49]
const asByte = [...constant(255), 0x71]
const again = [0x0d, 0]
const end = 0x0b

const [i, j, at, to, a, b] = [0, 1, 2, 3, 4, 5]

// As WebAssembly's stack machine reads it: operands first, the address of a store before its value.
const body = [
  [0x03, noResult],
  // a = s[i = (i + 1) & 255]; b = s[j = (j + a) & 255]
  [...get(i), ...constant(1), ...add, ...asByte, ...tee(i), ...loadByte, ...tee(a)],
  [...get(j), ...add, ...asByte, ...tee(j), ...loadByte, ...set(b)],
  // s[i] = b; s[j] = a
  [...get(i), ...get(b), ...storeByte],
  [...get(j), ...get(a), ...storeByte],
  // data[at] = data[at] ^ s[(a + b) & 255]
  [...get(at), ...get(at), ...loadByte],
  [...get(a), ...get(b), ...add, ...asByte, ...loadByte, ...xor, ...storeByte],
  // while (++at < to); return j
  [...get(at), ...constant(1), ...add, ...tee(at), ...get(to), ...isBelow, ...again, end],
  [...get(j), end],
].flat()

function assemble(): Uint8Array<ArrayBuffer> {
  const pages = (windowAt + windowLength) / 65_536
  const code = [...vector([[2, i32]]), ...body]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, ...vector([[i32], [i32], [i32], [i32]]), ...vector([[i32]])]]),
    ...section(3, [[0]]),
    ...section(5, [[1, pages, pages]]),
    ...section(7, [
      [...name('memory'), 2, 0],
      [...name('run'), 0, 0],
    ]),
    ...section(10, [[...unsigned(code.length), ...code]]),
  ])
}

function section(id: number, items: number[][]): number[] {
  const content = vector(items)
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: number[][]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')]
}

/** LEB128, below 2^14. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7]
}

/** Signed LEB128, of what is not negative and below 2^13: bit 6 of the last byte is the sign. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, value >> 7]
}
