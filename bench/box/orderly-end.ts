import type { Child } from '../../test/kit/child.ts'

const mostMs = 120_000

/** Asks a program to end, and waits until it has: thousands of torrents can take a while to be written down. */
export async function endOrderly(child: Child): Promise<void> {
  process.kill(child.pid, 'SIGTERM')
  const timer = setTimeout(() => void child.stop(), mostMs)
  await child.exited.finally(() => clearTimeout(timer))
}
