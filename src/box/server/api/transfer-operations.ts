import { z } from 'zod'
import { looksLikeMagnet, looksLikeWebAddress, P2pShareError } from '../../../core/index.ts'
import { HttpError } from '../../../http/index.ts'
import { chooseLater } from '../../shelf/choose-later.ts'
import type { Item } from '../../shelf/item.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type TransferView, viewOf } from '../transfer-view.ts'
import { type BoxOperation, ofTransfer, operation } from './box-operation.ts'
import { sortInTurns } from './sort-in-turns.ts'
import { transferList } from './transfer-list.ts'
import {
  addedAnswer,
  leftAnswer,
  leftOf,
  listParameters,
  newTransferBody,
  transferAnswer,
  transfersAnswer,
} from './transfer-schemas.ts'

const common = { tag: 'transfers', needsToken: true } as const
/** A .torrent of 10 MB as base64, and the fields. */
const maxTorrentBodyBytes = 13_500_000

/** What the box has, and what comes and goes. */
export function transferOperations({ shelf }: SteeredBox): BoxOperation[] {
  const view = (item: Item) => viewOf(item, performance.now())
  return [
    operation({
      ...common,
      id: 'listTransfers',
      method: 'get',
      path: '/transfers',
      summary: 'The transfers of the box',
      querySchema: listParameters,
      success: { status: 200, description: 'Transfers', schema: transfersAnswer },
      async handle({ query }) {
        const found = await sorted(findItems(shelf.items(), query), query.sort)
        const { offset = 0, limit = found.length } = query
        const pick = pickerOf(query.fields)
        const nowMs = performance.now()
        const shown = found.slice(offset, offset + limit)
        return transferList(found.length, shown, item => pick(viewOf(item, nowMs)))
      },
    }),
    operation({
      ...common,
      id: 'getTransfer',
      method: 'get',
      path: '/transfers/{transfer}',
      summary: 'One transfer',
      pathSchema: ofTransfer,
      success: { status: 200, description: 'The transfer', schema: transferAnswer },
      problems: [404],
      handle: async ({ path }) => view(shelf.find(path.transfer)),
    }),
    operation({
      ...common,
      id: 'addTransfer',
      method: 'post',
      path: '/transfers',
      summary: 'Fetch something, and share it on',
      description:
        'Give one of id and torrent. What is there already is given the labels and peers, fetches the files of `select`, and is else left as it is.',
      bodySchema: newTransferBody,
      formFiles: ['torrent'],
      formLists: ['labels', 'peers', 'select'],
      maxBodyBytes: maxTorrentBodyBytes,
      success: { status: 201, description: 'The transfer', schema: addedAnswer },
      problems: [413, 415, 504],
      async handle({ body: { id, torrent, ...options } }) {
        const what = torrent === undefined ? readId(id) : Buffer.from(torrent, 'base64')
        const { item, isNew } = await shelf.add(what, { origin: 'api', ...options })
        if (options.select) chooseLater(shelf, item, options.select)
        return { ...view(item), isNew }
      },
    }),
    operation({
      ...common,
      id: 'removeTransfer',
      method: 'delete',
      path: '/transfers/{transfer}',
      summary: 'Forget a transfer',
      pathSchema: ofTransfer,
      querySchema: z.object({
        data: z
          .enum(['true', 'false'])
          .optional()
          .meta({ description: 'Whether to delete the files too that it wrote; those that are shared stay' }),
      }),
      isSlow: true,
      success: { status: 200, description: 'It is forgotten', schema: leftAnswer },
      problems: [404],
      async handle({ path, query }) {
        return leftOf(await shelf.remove(shelf.find(path.transfer), { data: query.data === 'true' }))
      },
    }),
  ]
}

/**
 * Paths of this machine are none of a client's business, and a typing error is no path.
 * @throws {P2pShareError} `ERR_INVALID_IDENTIFIER`
 */
function readId(id: string | undefined): string {
  if (id === undefined) throw new HttpError(400, 'Say what to add: id or torrent.')
  const text = id.trim()
  if (looksLikeMagnet(text) || looksLikeWebAddress(text)) return text
  throw new P2pShareError(
    'ERR_INVALID_IDENTIFIER',
    `"${text.slice(0, 100)}" is no magnet link, info-hash or http(s) address of a .torrent`,
  )
}

type ListQuery = z.output<typeof listParameters>

function findItems(items: readonly Item[], { state, label, text }: ListQuery): readonly Item[] {
  const word = text?.toLowerCase()
  if (!state && label === undefined && !word) return items
  return items.filter(
    item =>
      (!state || (state as string[]).includes(item.state)) &&
      (label === undefined || item.entry.labels.includes(label)) &&
      (!word || item.name.toLowerCase().includes(word)),
  )
}

const byName = new Intl.Collator('en', { numeric: true })

async function sorted(found: readonly Item[], order: ListQuery['sort']): Promise<readonly Item[]> {
  if (order === 'queue') return found.toSorted((one, other) => one.entry.queuePlace - other.entry.queuePlace)
  if (order === 'name') return sortInTurns(found, (one, other) => byName.compare(one.name, other.name))
  if (order !== 'rate') return found
  const rates = new Map(found.map(item => [item, rateOf(item)]))
  return found.toSorted((one, other) => rates.get(other)! - rates.get(one)!)
}

function rateOf({ transfer }: Item): number {
  const stats = transfer?.stats()
  return stats ? stats.downloadBytesPerSecond + stats.uploadBytesPerSecond : 0
}

function pickerOf(fields: readonly string[] | undefined): (view: TransferView) => Partial<TransferView> {
  if (!fields) return view => view
  return view =>
    Object.fromEntries(
      fields.map(field => [field, view[field as keyof TransferView]]),
    ) as Partial<TransferView>
}
