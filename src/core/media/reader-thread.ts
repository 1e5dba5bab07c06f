import { Worker } from 'node:worker_threads'
import { raceAbort } from '../abort.ts'
import { invalidMedia } from './byte-range.ts'
import type { ExifTags } from './exif-tags.ts'
import type { RecordingFacts } from './recording.ts'

export type ReaderTask = { kind: 'exif'; block: Uint8Array } | { kind: 'recording'; path: string }

export type ReaderReply = { result: ExifTags | RecordingFacts } | { fault: string }

const timeoutMs = 5000
const resourceLimits = { maxOldGenerationSizeMb: 256 }
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './reader-worker.ts' : './reader-worker.js',
  import.meta.url,
)

/**
 * The thread that runs other people's parsers on files from anywhere. A file that sends one of them round and round,
 * or makes it eat memory, costs that thread and nothing else: it is ended, and the next task starts a new one.
 */
class ReaderThread {
  #worker: Worker | undefined
  #queue: Promise<unknown> = Promise.resolve()

  run(task: ReaderTask): Promise<ReaderReply> {
    const reply = this.#queue.then(() => this.#ask(task))
    this.#queue = reply.catch(() => {})
    return reply
  }

  async #ask(task: ReaderTask): Promise<ReaderReply> {
    this.#worker ??= new Worker(workerUrl, { resourceLimits })
    const worker = this.#worker
    const reply = Promise.withResolvers<ReaderReply>()
    const onEnd = () => reply.reject(invalidMedia('its parser gave up'))
    const timer = setTimeout(() => reply.reject(invalidMedia('it takes too long to read')), timeoutMs)
    worker.once('message', reply.resolve).once('error', onEnd).once('exit', onEnd)
    worker.ref()
    worker.postMessage(task)
    try {
      const answer = await reply.promise
      worker.unref()
      return answer
    } catch (error) {
      this.#worker = undefined
      worker.once('error', () => {})
      await worker.terminate()
      throw error
    } finally {
      clearTimeout(timer)
      worker.off('message', reply.resolve).off('error', onEnd).off('exit', onEnd)
    }
  }
}

const thread = new ReaderThread()

/** @throws {P2pShareError} `ERR_INVALID_MEDIA` where it is broken, or takes more than 5 s */
export async function readInThread(
  task: { kind: 'exif'; block: Uint8Array },
  signal?: AbortSignal,
): Promise<ExifTags>
export async function readInThread(
  task: { kind: 'recording'; path: string },
  signal?: AbortSignal,
): Promise<RecordingFacts>
export async function readInThread(
  task: ReaderTask,
  signal?: AbortSignal,
): Promise<ExifTags | RecordingFacts> {
  const reply = await raceAbort(thread.run(task), signal)
  if ('fault' in reply) throw invalidMedia(reply.fault)
  return reply.result
}
