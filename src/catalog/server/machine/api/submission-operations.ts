import { z } from 'zod'
import { HttpError } from '../../../../http/index.ts'
import { submissionPath } from '../../paths.ts'
import { type Site, siteUrl } from '../../site.ts'
import { type Operation, operation } from './operation.ts'
import { statusAnswer, submissionBody, submissionNumber, submittedAnswer } from './submission-schemas.ts'

/** A .torrent of 10 MB as base64, and the fields. */
const maxSubmissionBytes = 13_500_000

/** Offering something to the catalog, and asking what became of it. */
export function submissionOperations(site: Site): Operation[] {
  return [
    operation({
      id: 'submit',
      method: 'post',
      path: '/submissions',
      tag: 'submissions',
      summary: 'Offer something to the catalog',
      description:
        'Give one of torrent, magnet and listing. A moderator decides, and writes to the e-mail address.',
      bodySchema: submissionBody,
      formFiles: ['torrent'],
      formLists: ['tags'],
      maxBodyBytes: maxSubmissionBytes,
      success: { status: 201, description: 'It waits for review', schema: submittedAnswer },
      problems: [413, 415, 422],
      async handle({ body: { torrent, ...fields }, address }) {
        const bytes = torrent === undefined ? undefined : new Uint8Array(Buffer.from(torrent, 'base64'))
        const { id, state, secret, duplicates } = await site.desk.submit(
          { ...fields, torrent: bytes },
          { address },
        )
        return {
          id,
          state,
          secret,
          statusUrl: siteUrl(site, submissionPath(id, secret)),
          duplicateListings: [...duplicates.listings],
        }
      },
    }),
    operation({
      id: 'getSubmissionStatus',
      method: 'get',
      path: '/submissions/{id}',
      tag: 'submissions',
      summary: 'What became of a submission',
      pathSchema: z.object({ id: submissionNumber }),
      querySchema: z.object({ secret: z.string().min(1).max(200) }),
      success: { status: 200, description: 'As far as the submitter may know', schema: statusAnswer },
      problems: [404],
      async handle({ path, query }) {
        const status = await site.desk.statusFor(path.id, query.secret)
        if (!status) throw new HttpError(404, 'There is no such submission, or the secret is another.')
        return {
          ...status,
          submittedAt: status.submittedAt.toISOString(),
          decidedAt: status.decidedAt?.toISOString(),
          duplicateListings: [...status.duplicateListings],
        }
      },
    }),
  ]
}
