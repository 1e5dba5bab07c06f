import { z } from 'zod'

const states = [
  'starting',
  'finding',
  'checking',
  'downloading',
  'seeding',
  'queued',
  'resting',
  'paused',
  'missing',
  'failed',
  'stopped',
] as const

export const stateSchema = z.enum(states)
const bytes = z.number().nonnegative()
const rate = z.int().nonnegative()
const words = (most: number) => z.array(z.string().max(1_000)).max(most)

export const labelsSchema = z.array(z.string().min(1).max(100)).max(100)
export const folderSchema = z
  .string()
  .min(1)
  .max(4_096)
  .meta({ description: 'An absolute path on the machine of the box' })
/** A limit or a goal that is not set. */
const orNone = <Schema extends z.ZodType>(schema: Schema) => schema.nullable()

export const transferAnswer = z
  .object({
    id: z.int().meta({ description: 'From 1, never given twice' }),
    infoHash: z.string(),
    name: z.string(),
    magnet: z.string(),
    state: stateSchema,
    reason: z.string().optional().meta({ description: 'Why it does not run, where nobody wanted that' }),
    reasonCode: z.string().optional().meta({ description: 'The same for a program, as ERR_DISK_FULL' }),
    kind: z.enum(['get', 'share']),
    origin: z.string().meta({ description: 'Who wanted it' }),
    labels: z.array(z.string()).readonly(),
    path: z.string().optional().meta({
      description:
        'The file or folder of it alone; of copies without a position, what they were made of; left out until it is known, and where several paths are shared',
    }),
    sizeBytes: bytes,
    haveBytes: bytes,
    downloadBytesPerSecond: rate,
    uploadBytesPerSecond: rate,
    downloadedBytes: bytes.meta({ description: 'In all runs of the box, protocol included' }),
    uploadedBytes: bytes.meta({ description: 'In all runs of the box, protocol included' }),
    ratio: z.number(),
    peers: z.int(),
    seeds: z.int(),
    etaSeconds: z.number().optional(),
    addedAt: z.string(),
    doneAt: z.string().optional(),
    queuePlace: z.int().meta({ description: 'A smaller one goes first; it is no count' }),
    uploadLimit: orNone(bytes).meta({ description: 'Bytes a second; null is without limit' }),
    downloadLimit: orNone(bytes).meta({ description: 'Bytes a second; null is without limit' }),
    ratioGoal: orNone(bytes).meta({ description: '0 never rests; null is as the settings have it' }),
    seedSecondsGoal: orNone(bytes).meta({ description: '0 never rests; null is as the settings have it' }),
  })
  .meta({ id: 'Transfer' })

export const addedAnswer = transferAnswer
  .extend({ isNew: z.boolean().meta({ description: 'Whether it was not there before' }) })
  .meta({ id: 'AddedTransfer' })

const fields = Object.keys(transferAnswer.shape) as (keyof typeof transferAnswer.shape)[]

const list = (most: number) =>
  z
    .string()
    .max(1_000)
    .transform(text =>
      text
        .split(',')
        .map(word => word.trim())
        .filter(Boolean)
        .slice(0, most),
    )

/** What a list of transfers is asked for with. */
export const listParameters = z.object({
  state: list(states.length)
    .pipe(z.array(stateSchema))
    .optional()
    .meta({ description: 'States, with commas between' }),
  label: z.string().max(100).optional(),
  text: z.string().max(1_000).optional().meta({ description: 'In the name, whatever its case' }),
  fields: list(fields.length)
    .pipe(z.array(z.enum(fields as [string, ...string[]])))
    .optional()
    .meta({ description: 'No others than these, with commas between' }),
  sort: z.enum(['added', 'name', 'rate', 'queue']).optional().meta({ description: 'By default as added' }),
  limit: z.coerce.number().int().min(1).max(100_000).optional(),
  offset: z.coerce.number().int().min(0).max(10_000_000).optional(),
})

export const transfersAnswer = z.object({
  total: z.int().meta({ description: 'How many there are in all, of those asked for' }),
  transfers: z.array(transferAnswer.partial()),
})

export const newTransferBody = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .meta({ description: 'A magnet link, an info-hash or the address of a .torrent' }),
  torrent: z.base64().optional().meta({ description: 'A .torrent in base64' }),
  labels: labelsSchema.optional(),
  isPaused: z.boolean().optional(),
  folder: folderSchema.optional(),
  peers: z.array(z.string().max(300)).max(100).optional().meta({ description: 'To try at once, host:port' }),
  select: words(1_000).optional().meta({ description: 'Files as p2pshare get --select takes them' }),
})

/** What can be changed of a transfer; what is left out stays. */
export const changeBody = z.strictObject({
  labels: labelsSchema.optional(),
  uploadLimit: orNone(bytes).optional(),
  downloadLimit: orNone(bytes).optional(),
  ratioGoal: orNone(bytes).optional(),
  seedSecondsGoal: orNone(bytes).optional(),
  queue: z.enum(['top', 'up', 'down', 'bottom']).optional(),
  priorities: z
    .array(
      z.strictObject({
        number: z.int().min(1).meta({ description: 'Of the file, as the list of files has it' }),
        priority: z.int().min(0).max(7).meta({ description: '0 is not wanted, 1 last, 4 usual, 7 first' }),
      }),
    )
    .max(100_000)
    .optional(),
  only: words(1_000).optional().meta({ description: 'Fetch no other files than these' }),
  skip: words(1_000).optional().meta({ description: 'Fetch these files no more' }),
})

export const filesAnswer = z.object({
  total: z.int(),
  files: z.array(
    z.object({
      number: z.int().meta({ description: 'From 1, as p2pshare get --select takes it' }),
      path: z.string(),
      sizeBytes: bytes,
      haveBytes: bytes,
      priority: z.int().meta({ description: '0 is not wanted, 1 last, 4 usual, 7 first' }),
    }),
  ),
})

export const peersAnswer = z.object({
  peers: z.array(
    z.object({
      address: z.string(),
      client: z.string().optional(),
      source: z.string(),
      isSeed: z.boolean(),
      progress: z.number(),
      downloadedBytes: bytes,
      uploadedBytes: bytes,
      downloadBytesPerSecond: rate,
      uploadBytesPerSecond: rate,
      flags: z.string(),
    }),
  ),
})

export const channelsAnswer = z.object({
  dht: z.object({ on: z.boolean(), nodes: z.int() }),
  lsd: z.object({ on: z.boolean(), heard: z.int() }),
  pex: z.object({ on: z.boolean() }),
  trackers: z.array(
    z.object({
      url: z.string(),
      status: z.enum(['waiting', 'working', 'failed', 'refused']),
      message: z.string().optional(),
      seeds: z.int().optional(),
      leeches: z.int().optional(),
    }),
  ),
  peers: z.array(z.object({ address: z.string(), status: z.enum(['trying', 'connected', 'refused']) })),
})

export const piecesAnswer = z.object({
  pieceCount: z.int(),
  pieceLength: z.int(),
  have: z.string().meta({ description: 'One bit a piece, the first in the highest bit, in base64' }),
})

export const logAnswer = z.object({
  entries: z.array(
    z.object({
      at: z.string(),
      what: z.enum(['added', 'state', 'done']),
      state: stateSchema,
      reason: z.string().optional(),
    }),
  ),
})

/** How many files that stay are named. */
const mostLeft = 1_000

export const leftAnswer = z.object({
  left: z
    .array(z.string())
    .meta({ description: `Files that stay though they were to be deleted, the first ${mostLeft}` }),
  leftCount: z.int().meta({ description: 'How many those are in all' }),
})

/** Of files that stay though they were to be deleted, for the box did not write them, or they were changed since. */
export function leftOf(paths: readonly string[]): z.input<typeof leftAnswer> {
  return { left: paths.slice(0, mostLeft), leftCount: paths.length }
}
