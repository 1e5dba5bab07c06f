import type { Wire } from 'webtorrent'

/** What may be asked of one peer ahead of its answers: enough for 300 MB/s at 100 ms there and back. */
const pipelineBytes = 32 * 1024 * 1024

/**
 * Bounds the requests that wait at one peer. webtorrent asks ahead for as much as a second brings, which on a quick line is
 * thousands of requests to go through for each block, and hundreds of megabytes queued at the seed.
 *
 * @returns the speed of the peer as it is, in bytes per second
 */
export function boundPipeline(wire: Wire): () => number {
  const measure = wire.downloadSpeed.bind(wire)
  wire.downloadSpeed = bytes => Math.min(measure(bytes), pipelineBytes)
  return measure
}
