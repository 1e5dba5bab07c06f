import type { ChildProcess } from 'node:child_process'
import { platform } from 'node:os'
import { signalProcessGroup } from '../../core/index.ts'

/** Whether a program can have a group of its own, with all that it starts. */
export const hasGroups = platform() !== 'win32'

/** Signals a program and whatever it has started that has not left its group, also after it has ended itself. */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (hasGroups && child.pid !== undefined) signalProcessGroup(child.pid, signal)
  else child.kill(signal)
}
