/** The number by which other processes of this machine know this one. */
export function ownProcessId(): number {
  return process.pid
}

/** Whether a process of this machine is still there, whoever runs it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Signals all processes of a group, which has the number of the process that it was made for. That there is none any more, or
 * none that may be signalled, is no matter. Not on Windows, which has no such groups.
 *
 * @throws {RangeError} for what would be more than one group
 */
export function signalProcessGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!Number.isSafeInteger(group) || group <= 1) throw new RangeError(`${group} is no group of processes`)
  try {
    process.kill(-group, signal)
  } catch {
    // As said above; of a group whose processes have all ended some systems say that it may not be signalled.
  }
}
