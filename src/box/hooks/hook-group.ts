import { type ChildProcess, spawn } from 'node:child_process'
import { platform } from 'node:os'

/** Whether a program can have a group of its own, with all that it starts. */
export const hasGroups = platform() !== 'win32'

/**
 * Signals a program and whatever it has started that has not left its group, also after it has ended itself. Only a shell's own `kill`
 * reaches a group everywhere; it is given nothing but a signal and a number.
 */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!hasGroups || child.pid === undefined) {
    child.kill(signal)
    return
  }
  const args = ['-c', 'kill -s "$1" -- "-$2"', 'sh', signal.slice('SIG'.length), String(child.pid)]
  const shell = spawn('/bin/sh', args, { stdio: 'ignore', env: {} })
  shell.once('error', () => child.kill(signal))
  shell.unref()
}
