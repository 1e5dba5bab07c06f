import type { BoxStatus } from '../box-status.ts'
import type { TransferView } from '../server/transfer-view.ts'

/** What is sent of transfers at a time. */
export interface TransferNews {
  /** As they are now, those that are new among them. */
  readonly changed: readonly TransferView[]
  /** Their numbers. */
  readonly added: readonly number[]
  readonly done: readonly number[]
  readonly removed: readonly number[]
}

/** What a box tells as it happens. */
export type BoxEvent =
  | {
      readonly event: 'snapshot'
      readonly data: { readonly transfers: readonly TransferView[]; readonly status: BoxStatus | undefined }
    }
  | { readonly event: 'transfers'; readonly data: TransferNews }
  | { readonly event: 'stats'; readonly data: BoxStatus }

const known: ReadonlySet<string> = new Set<BoxEvent['event']>(['snapshot', 'transfers', 'stats'])

/** Reads server-sent events; those that are not known are passed over. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<BoxEvent, void, undefined> {
  let text = ''
  for await (const chunk of body.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const event = fieldOf(lines, 'event')
      if (known.has(event)) yield { event, data: JSON.parse(fieldOf(lines, 'data')) } as BoxEvent
    }
  }
}

function fieldOf(lines: readonly string[], field: string): string {
  return lines.find(line => line.startsWith(`${field}: `))?.slice(field.length + 2) ?? ''
}
