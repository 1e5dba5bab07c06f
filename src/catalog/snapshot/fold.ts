/** Below the first bound a file is small, below the second middling; larger ones are never touched again. */
const sizeBounds = [64 * 1024, 512 * 1024] as const
/** So many small and so many middling files may stand at the end before they are folded into one. */
const mostOfSize = [8, 16] as const

/**
 * How many of the last files of a catalog are written anew together with what is added, so that the number of files stays
 * small and an update small too: what is added with few others while little has come, then files of 64 to 512 KiB, then
 * files that stay. Each byte is written anew a few times at most, and a follower fetches each as often.
 *
 * @param sizes bytes of the files in their order: large ones, then middling, then small ones, as this function leaves them
 * @param addedBytes what comes behind them
 */
export function countToFold(sizes: readonly number[], addedBytes: number): number {
  let end = sizes.length
  let total = addedBytes
  const take = () => {
    end--
    total += sizes[end]!
  }
  for (;;) {
    const size = sizeOf(total)
    while (end > 0 && sizeOf(sizes[end - 1]!) < size) take()
    // With those it may be larger than some before them.
    if (sizeOf(total) > size) continue
    let start = end
    while (start > 0 && sizeOf(sizes[start - 1]!) === size) start--
    const most = mostOfSize[size]
    if (most === undefined || end - start < most) return sizes.length - end
    while (end > start) take()
  }
}

function sizeOf(bytes: number): number {
  return sizeBounds.filter(bound => bytes >= bound).length
}
