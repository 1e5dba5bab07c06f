import type { IncomingMessage } from 'node:http'

interface BodyPaceOptions {
  /** @default 60_000 */
  readonly windowMs?: number | undefined
  /** That have to come in each window. @default 60_000 */
  readonly leastBytes?: number | undefined
}

/**
 * Ends the connection of a body of any length that comes too slowly to be meant, such as a byte now and then to hold a place. A
 * server that is itself slow to take what has come ends nothing.
 */
export function requirePace(
  incoming: IncomingMessage,
  { windowMs = 60_000, leastBytes = 60_000 }: BodyPaceOptions = {},
): void {
  if (incoming.complete) return
  const { socket } = incoming
  let before = socket.bytesRead
  const timer = setInterval(() => {
    const isWaiting = incoming.readableLength === 0
    if (isWaiting && socket.bytesRead - before < leastBytes) incoming.destroy()
    before = socket.bytesRead
  }, windowMs)
  timer.unref()
  for (const event of ['end', 'close']) incoming.once(event, () => clearInterval(timer))
}
