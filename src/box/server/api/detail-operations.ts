import { z } from 'zod'
import { listFiles } from '../../../core/index.ts'
import { heldBytes } from '../../shelf/file-progress.ts'
import type { Item } from '../../shelf/item.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, ofTransfer, operation } from './box-operation.ts'
import { channelsAnswer, filesAnswer, logAnswer, peersAnswer, piecesAnswer } from './transfer-schemas.ts'

const usualPriority = 4
const filesAtOnce = 10_000

/** More of one transfer than the lists tell. */
export function detailOperations({ shelf, desk }: SteeredBox): BoxOperation[] {
  const common = {
    tag: 'transfers',
    needsToken: true,
    method: 'get',
    pathSchema: ofTransfer,
    problems: [404],
  } as const
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
    operation({
      ...common,
      id: 'listPeers',
      path: '/transfers/{transfer}/peers',
      summary: 'Who is connected',
      success: { status: 200, description: 'The peers', schema: peersAnswer },
      handle: async ({ path }) => ({ peers: [...(shelf.find(path.transfer).transfer?.peers() ?? [])] }),
    }),
    operation({
      ...common,
      id: 'getChannels',
      path: '/transfers/{transfer}/channels',
      summary: 'What each way of finding peers has come to, trackers among them',
      success: { status: 200, description: 'The ways', schema: channelsAnswer },
      async handle({ path }) {
        const { transfer } = shelf.find(path.transfer)
        if (!transfer) return nowhere
        const { trackers, peers, ...channels } = transfer.channels()
        return { ...channels, trackers: [...trackers], peers: [...peers] }
      },
    }),
    operation({
      ...common,
      id: 'getPieces',
      path: '/transfers/{transfer}/pieces',
      summary: 'Which pieces are here',
      success: { status: 200, description: 'Of no pieces where they are not known', schema: piecesAnswer },
      async handle({ path }) {
        const { transfer } = shelf.find(path.transfer)
        const { held, metainfo } = transfer ?? {}
        return {
          pieceCount: held?.length ?? 0,
          pieceLength: metainfo?.pieceLength ?? 0,
          have: Buffer.from(held?.bytes ?? []).toString('base64'),
        }
      },
    }),
    operation({
      ...common,
      id: 'getLog',
      path: '/transfers/{transfer}/log',
      summary: 'What happened to a transfer since the box was started, the newest last',
      success: { status: 200, description: 'The last 200 entries', schema: logAnswer },
      async handle({ path }) {
        const entries = desk.log.of(shelf.find(path.transfer))
        return { entries: entries.map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry })) }
      },
    }),
  ]
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
