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
