/**
 * What a program of a hook finds in its environment beside the facts: all that the box found in its own, without the settings and
 * secrets of p2pshare. It keeps the home, so that `p2pshare box` finds this box from a hook.
 */
export function hookEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const isOthers = ([name]: [string, unknown]) => name === 'P2PSHARE_HOME' || !name.startsWith('P2PSHARE_')
  return Object.fromEntries(Object.entries(variables).filter(isOthers))
}
