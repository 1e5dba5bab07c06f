import type { HonoRequest } from 'hono'
import { HttpError } from '../../../http/index.ts'

/** A form that was sent, read as a whole. */
export interface Form {
  /** Of a field; empty where there is none. */
  text(name: string): string
  /** Of a file field; `undefined` where nothing was chosen. */
  file(name: string): Uint8Array | undefined
}

/** @throws {HttpError} 400 for what is no form */
export async function readForm(req: HonoRequest): Promise<Form> {
  let data: FormData
  try {
    data = await req.formData()
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'This is no form that can be read.')
  }
  const files = new Map<string, Uint8Array>()
  for (const [name, value] of data)
    if (typeof value !== 'string' && value.size > 0)
      files.set(name, new Uint8Array(await value.arrayBuffer()))
  return {
    text(name) {
      const value = data.get(name)
      return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : ''
    },
    file: name => files.get(name),
  }
}
