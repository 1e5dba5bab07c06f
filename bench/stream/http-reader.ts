import { connect } from 'node:net'

const bufferBytes = 256 * 1024
const headBytesAtMost = 16 * 1024

export interface HttpRead {
  readonly status: number
  readonly bytes: number
  /** What was read first, as far as it was asked for. */
  readonly head: Buffer
}

/**
 * Reads a response to its end and throws its bytes away, into one buffer so that the reader takes as little of the machine as a
 * reader can. The response has to say how long it is.
 */
export function readHttp(url: string, range: string | undefined, keepBytes = 0): Promise<HttpRead> {
  const { hostname, port, host, pathname } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<HttpRead>()
  const kept: Buffer[] = []
  let keptBytes = 0
  let text = Buffer.alloc(0)
  let status = 0
  let expected = -1
  let bytes = 0
  const body = (chunk: Buffer) => {
    bytes += chunk.length
    if (keptBytes < keepBytes) {
      kept.push(Buffer.from(chunk.subarray(0, keepBytes - keptBytes)))
      keptBytes += kept.at(-1)!.length
    }
    if (bytes < expected) return
    socket.destroy()
    resolve({ status, bytes, head: Buffer.concat(kept) })
  }
  const take = (chunk: Buffer) => {
    if (expected >= 0) return body(chunk)
    text = Buffer.concat([text, chunk])
    const end = text.indexOf('\r\n\r\n')
    if (end < 0 && text.length < headBytesAtMost) return
    const head = text.toString('latin1', 0, Math.max(end, 0))
    status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
    expected = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? -1)
    if (end < 0 || expected < 0) socket.destroy(new Error(`No answer to read from: ${head}`))
    else body(text.subarray(end + 4))
  }
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer: Buffer.alloc(bufferBytes),
      callback(length, buffer) {
        take((buffer as Buffer).subarray(0, length))
        return true
      },
    },
  })
  const lines = [`GET ${pathname} HTTP/1.1`, `Host: ${host}`, ...(range ? [`Range: ${range}`] : [])]
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`)
  socket.on('error', reject)
  socket.on('close', () => reject(new Error(`The answer ended after ${bytes} of ${expected} bytes`)))
  return promise
}
