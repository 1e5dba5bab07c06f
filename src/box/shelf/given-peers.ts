/** Of a transfer; the latest ones count, for who gives so many knows better by then. */
const mostKept = 100

/** The peers that are kept of a transfer once more are given, each once. */
export function joinPeers(kept: readonly string[], given: readonly string[]): readonly string[] {
  return [...new Set([...kept.filter(address => !given.includes(address)), ...given])].slice(-mostKept)
}
