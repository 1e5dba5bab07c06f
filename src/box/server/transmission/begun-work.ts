const patienceMs = 2_000

/**
 * Begins work that may take long. What goes wrong at once is thrown; who asked does not wait longer than 2 s, and what goes wrong
 * later is told to `onLate`.
 */
export async function begin(work: Promise<unknown>, onLate: (error: unknown) => void): Promise<void> {
  const { promise: later, resolve } = Promise.withResolvers<'later'>()
  const timer = setTimeout(resolve, patienceMs, 'later')
  try {
    if ((await Promise.race([work, later])) === 'later') work.catch(onLate)
  } finally {
    clearTimeout(timer)
  }
}
