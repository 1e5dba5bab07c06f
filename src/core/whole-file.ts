import { closeSync, open, read } from 'node:fs'
import { Turns } from './turns.ts'

/** Nearly all that is read whole is smaller, and then read in one call. */
const usualBytes = 32 * 1024
/** Each has memory of its own meanwhile; more would only wait for the system's threads. */
const atOnce = 16
const turns = new Turns(atOnce)
/** Memory for the next files. */
const spare: Buffer[] = []

/**
 * Reads a file whole with as few calls to the system, and as little besides, as may be: for those that read thousands of small ones.
 *
 * @param maxBytes a file that has more is handed on cut, but longer than this
 * @param take what is made of the bytes, which are only good until it returns
 * @throws what the system says, and what `take` throws
 */
export function readWhole<T>(path: string, maxBytes: number, take: (bytes: Buffer) => T): Promise<T> {
  return turns.run(() => readNow(path, maxBytes, take))
}

function readNow<T>(path: string, maxBytes: number, take: (bytes: Buffer) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (failure, file) => {
      if (failure) return reject(failure)
      let buffer = spare.pop() ?? Buffer.allocUnsafeSlow(usualBytes)
      let length = 0
      const next = () => read(file, buffer, length, buffer.length - length, null, onRead)
      const onRead = (error: Error | null, bytesRead: number) => {
        length += bytesRead
        if (!error && bytesRead > 0 && length >= usualBytes && length <= maxBytes) {
          if (length === buffer.length) buffer = enlarged(buffer, maxBytes)
          return next()
        }
        try {
          // Of a file that was only read this waits for nothing.
          closeSync(file)
          if (error) throw error
          resolve(take(buffer.subarray(0, length)))
        } catch (refusal) {
          reject(refusal)
        }
        if (buffer.length === usualBytes) spare.push(buffer)
      }
      next()
    })
  })
}

function enlarged(buffer: Buffer, maxBytes: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(buffer.length * 4, maxBytes + 1))
  buffer.copy(larger)
  return larger
}
