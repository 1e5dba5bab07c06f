import { z } from 'zod'
import type { WorkProgress } from '../../../http/index.ts'
import type { SeedOptions } from '../../../swarm/index.ts'
import type { SteeredBox } from '../steered-box.ts'
import { viewOf } from '../transfer-view.ts'
import { type BoxOperation, operation } from './box-operation.ts'
import { shareBody, uploadDoneBody, uploadedAnswer } from './share-schemas.ts'
import { absolute } from './steering-operations.ts'
import { transferAnswer } from './transfer-schemas.ts'

/** Beside how it is hashed. */
interface ShareRequest {
  readonly labels?: readonly string[] | undefined
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined
}

const ofAlbum = { album: z.string().min(1).max(255) }

/** Sharing what lies on the machine of the box, or is sent to it. */
export function shareOperations({ shelf, swarm, desk }: SteeredBox): BoxOperation[] {
  const common = { tag: 'shares', needsToken: true } as const
  const share = async (
    paths: readonly string[],
    { labels = [], onProgress, ...options }: ShareRequest & Omit<SeedOptions, 'onProgress'>,
  ) => {
    const created = await swarm.create(paths, {
      ...given(options),
      ...(onProgress && {
        onProgress: ({ hashedBytes: doneBytes, totalBytes }) => onProgress({ doneBytes, totalBytes }),
      }),
    })
    const path = paths.length === 1 ? paths[0] : undefined
    return viewOf(await shelf.share(created, { origin: 'api', labels, path }), performance.now())
  }
  return [
    operation({
      ...common,
      id: 'share',
      method: 'post',
      path: '/shares',
      summary: 'Share files and folders of the machine that the box runs on',
      description:
        'They are only ever read. Answered once they are hashed, which takes long where there is much: `Prefer: respond-async`.',
      bodySchema: shareBody,
      maxBodyBytes: 5_000_000,
      isSlow: true,
      success: { status: 201, description: 'The transfer', schema: transferAnswer },
      problems: [413, 415, 422],
      handle: ({ body: { paths, ...options }, onProgress }) =>
        share(paths.map(absolute), { ...options, onProgress }),
    }),
    operation({
      ...common,
      id: 'upload',
      method: 'put',
      path: '/uploads/{album}/{name}',
      summary: 'Send a photo or video to the box',
      description:
        'It is put into the folder of the album, below the uploads folder of the settings; nothing is shared before `done`.',
      pathSchema: z.object({ ...ofAlbum, name: z.string().min(1).max(1_000) }),
      takesBytes: true,
      success: {
        status: 201,
        description: 'It is there, under this name',
        schema: uploadedAnswer,
      },
      problems: [409, 429, 503],
      handle: ({ path: { album, name }, request }) =>
        desk.uploads.put(album, name, request.body, { sizeBytes: lengthOf(request) }),
    }),
    operation({
      ...common,
      id: 'finishUpload',
      method: 'post',
      path: '/uploads/{album}/done',
      summary: 'Share what was uploaded: one file as a clip, more as an album',
      pathSchema: z.object(ofAlbum),
      bodySchema: uploadDoneBody,
      isSlow: true,
      success: { status: 201, description: 'The transfer', schema: transferAnswer },
      problems: [415, 422],
      handle: async ({ path, body, onProgress }) =>
        share([await desk.uploads.pathOf(path.album)], { ...body, onProgress }),
    }),
  ]
}

/** What is not said is left out: the cache of what was hashed tells a key that is not there from one without a value. */
function given(options: SeedOptions): SeedOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function lengthOf({ headers }: Request): number | undefined {
  const length = headers.get('content-length')
  return length === null || headers.has('transfer-encoding') ? undefined : Number(length)
}
