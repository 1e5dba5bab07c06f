import { readv } from 'node:fs'

/** The stretches of memory that hold the bytes from `start` to `end` of what `parts` hold one after the other. */
export function cutParts(parts: readonly Uint8Array[], start: number, end: number): Uint8Array[] {
  const cut: Uint8Array[] = []
  let at = 0
  for (const part of parts) {
    const from = Math.max(start - at, 0)
    const to = Math.min(end - at, part.length)
    if (from < to) cut.push(from === 0 && to === part.length ? part : part.subarray(from, to))
    at += part.length
    if (at >= end) break
  }
  return cut
}

/**
 * Fills several stretches of memory with what a file holds from `position` on, in one call to the system unless it gives less
 * than asked for. Resolves to whether the file had that much.
 */
export function readFully(fd: number, parts: readonly Uint8Array[], position: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let left = parts
    let at = position
    let missing = bytesIn(parts)
    const read = () => {
      readv(fd, left, at, (error, bytesRead) => {
        missing -= bytesRead
        if (error) return reject(error)
        if (missing === 0 || bytesRead === 0) return resolve(missing === 0)
        left = cutParts(left, bytesRead, bytesRead + missing)
        at += bytesRead
        read()
      })
    }
    if (missing === 0) resolve(true)
    else read()
  })
}

/** How many bytes several stretches of memory take together. */
export function bytesIn(parts: readonly Uint8Array[]): number {
  let bytes = 0
  for (const part of parts) bytes += part.length
  return bytes
}
