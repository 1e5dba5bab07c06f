import { z } from 'zod'
import { listFiles } from '../../../core/index.ts'
import type { PeerStats } from '../../../swarm/index.ts'
import { heldBytes } from '../../shelf/file-progress.ts'
import type { Item } from '../../shelf/item.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, ofTransfer, operation } from './box-operation.ts'
import { channelsAnswer, filesAnswer, logAnswer, peersAnswer, piecesAnswer } from './transfer-schemas.ts'

const usualPriority = 4
const filesAtOnce = 10_000

/** Something that is told of a transfer, below its path. */
interface Detail<Answer> {
  readonly id: string
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly schema: Answer & z.ZodType
}

/** More of one transfer than the lists tell. */
export function detailOperations({ shelf, desk }: SteeredBox): BoxOperation[] {
  const common = {
    tag: 'transfers',
    needsToken: true,
    method: 'get',
    pathSchema: ofTransfer,
    problems: [404],
  } as const
  const detail = <Answer extends z.ZodType>(
    { id, name, summary, description, schema }: Detail<Answer>,
    tell: (item: Item) => z.input<Answer>,
  ) =>
    operation<z.ZodType, typeof ofTransfer>({
      ...common,
      id,
      path: `/transfers/{transfer}/${name}`,
      summary,
      success: { status: 200, description, schema },
      handle: async ({ path }) => tell(shelf.find(path.transfer)),
    })
  return [
    operation({
      ...common,
      id: 'listFiles',
      path: '/transfers/{transfer}/files',
      summary: 'The files of a transfer, with what is here of each',
      querySchema: z.object({
        limit: z.coerce.number().int().min(1).max(filesAtOnce).optional(),
        offset: z.coerce.number().int().min(0).max(1_000_000).optional(),
      }),
      success: { status: 200, description: 'None until they are known', schema: filesAnswer },
      async handle({ path, query: { limit = filesAtOnce, offset = 0 } }) {
        return filesOf(shelf.find(path.transfer), offset, limit)
      },
    }),
    detail(
      {
        ...{ id: 'listPeers', name: 'peers', summary: 'Who is connected' },
        ...{ description: 'The peers', schema: peersAnswer },
      },
      ({ transfer }) => ({ peers: (transfer?.peers() ?? []).map(inWholeBytes) }),
    ),
    detail(
      {
        ...{ id: 'getChannels', name: 'channels', description: 'The ways', schema: channelsAnswer },
        summary: 'What each way of finding peers has come to, trackers among them',
      },
      channelsOf,
    ),
    detail(
      {
        ...{ id: 'getPieces', name: 'pieces', summary: 'Which pieces are here', schema: piecesAnswer },
        description: 'Of no pieces where they are not known',
      },
      ({ transfer }) => ({
        pieceCount: transfer?.held?.length ?? 0,
        pieceLength: transfer?.metainfo?.pieceLength ?? 0,
        have: Buffer.from(transfer?.held?.bytes ?? []).toString('base64'),
      }),
    ),
    detail(
      {
        ...{ id: 'getLog', name: 'log', description: 'What happened', schema: logAnswer },
        summary:
          'What happened to a transfer since the box was started, and when it was added and done, the newest last',
      },
      item => ({
        entries: desk.log.of(item).map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry })),
      }),
    ),
  ]
}

function inWholeBytes(peer: PeerStats): PeerStats {
  const { downloadBytesPerSecond, uploadBytesPerSecond } = peer
  return {
    ...peer,
    downloadBytesPerSecond: Math.round(downloadBytesPerSecond),
    uploadBytesPerSecond: Math.round(uploadBytesPerSecond),
  }
}

function channelsOf({ transfer }: Item): z.input<typeof channelsAnswer> {
  if (!transfer) return nowhere
  const { trackers, peers, ...channels } = transfer.channels()
  return { ...channels, trackers: [...trackers], peers: [...peers] }
}

const nowhere: z.input<typeof channelsAnswer> = {
  dht: { on: false, nodes: 0 },
  lsd: { on: false, heard: 0 },
  pex: { on: false },
  trackers: [],
  peers: [],
}

function filesOf({ transfer, entry }: Item, offset: number, limit: number): z.input<typeof filesAnswer> {
  const metainfo = transfer?.metainfo
  if (!metainfo) return { total: 0, files: [] }
  const listed = listFiles(metainfo.files)
  const files = listed.slice(offset, offset + limit).map(({ number, index, file }) => ({
    number,
    path: file.path,
    sizeBytes: file.sizeBytes,
    haveBytes: heldBytes(metainfo, index, transfer.held),
    priority: entry.priorities.get(index) ?? usualPriority,
  }))
  return { total: listed.length, files }
}
