import { z } from 'zod'
import type { SignInCodes } from '../sign-in-codes.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, operation } from './box-operation.ts'

const signInLinkAnswer = z.object({ url: z.string() })

/** How whoever has the token lets a browser in without typing it. */
export function signInOperations({ config }: SteeredBox, codes: SignInCodes): BoxOperation[] {
  return [
    operation({
      tag: 'box',
      needsToken: true,
      id: 'makeSignInLink',
      method: 'post',
      path: '/sign-in-links',
      summary: 'A link to the pages that signs a browser in',
      description: 'It is good once, and for a quarter of an hour.',
      success: { status: 201, description: 'The link', schema: signInLinkAnswer },
      handle: async ({ request }) => {
        const base = config.server.public_url || request.url
        return { url: new URL(`/sign-in/${codes.make()}`, base).href }
      },
    }),
  ]
}
