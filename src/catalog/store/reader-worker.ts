import { parentPort } from 'node:worker_threads'
import { P2pShareError } from '../../core/index.ts'
import { readRecord } from '../listing/record.ts'
import { indexedRecord } from './indexed-record.ts'
import type { LineRead, ReadOrder, ReadReply } from './reader-protocol.ts'
import { ToldWords } from './told-words.ts'

const port = parentPort!
const told = new ToldWords()
let toldImport: number | undefined

port.on('message', ({ id, importId, lines }: ReadOrder) => {
  if (importId !== toldImport) told.forget()
  toldImport = importId
  const reply: ReadReply = { id, read: lines.map(readLine) }
  port.postMessage(reply)
})

function readLine(line: string): LineRead {
  try {
    const { json, ...read } = indexedRecord(readRecord(line), terms => told.untold(terms))
    return read
  } catch (error) {
    if (!(error instanceof P2pShareError)) throw error
    return { fault: { code: error.code, message: error.message } }
  }
}
