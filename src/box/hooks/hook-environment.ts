/** What systemd tells the box alone: a program that took it for its own would speak to systemd as the box. */
const systemds = /^(?:NOTIFY_SOCKET|LISTEN_.+|WATCHDOG_.+|JOURNAL_STREAM|INVOCATION_ID|SYSTEMD_EXEC_PID)$/

/**
 * What a program of a hook finds in its environment beside the facts: all that the box found in its own, without the settings and
 * secrets of p2pshare, and without what is between the box and systemd. It keeps the home, so that `p2pshare box` finds this box from a
 * hook.
 */
export function hookEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const isOthers = ([name]: [string, unknown]) =>
    name === 'P2PSHARE_HOME' || !(name.startsWith('P2PSHARE_') || systemds.test(name))
  return Object.fromEntries(Object.entries(variables).filter(isOthers))
}
