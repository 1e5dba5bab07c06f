const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/**
 * Watches how long this thread works without letting others in; `end` answers the longest stretch in milliseconds. It is the
 * thread's own processor time, so that a busy machine does not count.
 */
export function watchLoop(): { end(): number } {
  let longest = 0
  let last = threadCpuMs()
  let isOver = false
  const look = () => {
    const now = threadCpuMs()
    longest = Math.max(longest, now - last)
    last = threadCpuMs()
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  return {
    end() {
      isOver = true
      return longest
    },
  }
}
