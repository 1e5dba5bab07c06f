import { P2pShareError } from '../core/index.ts'
import { type Fetch, type Listening, listen } from '../http/index.ts'

/**
 * Serves the box's page and all that shares its port.
 *
 * @throws {P2pShareError} `ERR_PORT_TAKEN`, which says how to choose another: the peers have a port too; `ERR_INVALID_ARGUMENT`
 */
export async function servePage(
  answer: Fetch,
  where: { readonly host: string; readonly port: number },
): Promise<Listening> {
  try {
    // How long a body may take the app says: uploads are as long in coming as they are.
    return await listen(answer, { ...where, requestTimeoutMs: 0 })
  } catch (error) {
    if (!(error instanceof P2pShareError) || error.code !== 'ERR_PORT_TAKEN') throw error
    const how = 'for the page that is --listen, or listen under [server] of the settings'
    throw new P2pShareError(error.code, `${error.message}; ${how}`, { cause: error })
  }
}
