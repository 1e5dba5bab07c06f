import { parentPort } from 'node:worker_threads'
import { readExifTags } from './exif-tags.ts'
import type { ReaderReply, ReaderTask } from './reader-thread.ts'
import { readRecording } from './recording.ts'

// What the parsers have to say is not for the terminal.
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) console[method] = () => {}

parentPort!.on('message', async (task: ReaderTask) => {
  parentPort!.postMessage(await answer(task))
})

async function answer(task: ReaderTask): Promise<ReaderReply> {
  try {
    return { result: task.kind === 'exif' ? await readExifTags(task.block) : await readRecording(task.path) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}
