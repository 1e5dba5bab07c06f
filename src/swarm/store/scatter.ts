import { readv, writev } from 'node:fs'

/**
 * For a longer write Linux takes memory in blocks of two megabytes, which many a virtual machine has given back to its host and
 * gets anew at ten times the cost.
 */
const mostBytesACall = 1024 * 1024

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
 * Fills several stretches of memory with what a file holds from `position` on, in one call to the system for each mebibyte unless
 * it gives less than asked for. Resolves to whether the file had that much.
 */
export function readFully(fd: number, parts: readonly Uint8Array[], position: number): Promise<boolean> {
  return moveAll(readv, fd, parts, position)
}

/**
 * Writes what several stretches of memory hold one after the other into a file from `position` on, in one call to the system
 * for each mebibyte unless it takes less than it is given. Resolves to whether the file took all.
 */
export function writeFully(fd: number, parts: readonly Uint8Array[], position: number): Promise<boolean> {
  return moveAll(writev, fd, parts, position)
}

type Move = (
  fd: number,
  parts: readonly Uint8Array[],
  position: number,
  onMoved: (error: NodeJS.ErrnoException | null, bytes: number) => void,
) => void

function moveAll(move: Move, fd: number, parts: readonly Uint8Array[], position: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let left = parts
    let at = position
    let missing = bytesIn(parts)
    const next = () => {
      move(fd, missing > mostBytesACall ? cutParts(left, 0, mostBytesACall) : left, at, (error, bytes) => {
        missing -= bytes
        if (error) return reject(error)
        if (missing === 0 || bytes === 0) return resolve(missing === 0)
        left = cutParts(left, bytes, bytes + missing)
        at += bytes
        next()
      })
    }
    if (missing === 0) resolve(true)
    else next()
  })
}

/** How many bytes several stretches of memory take together. */
export function bytesIn(parts: readonly Uint8Array[]): number {
  let bytes = 0
  for (const part of parts) bytes += part.length
  return bytes
}
