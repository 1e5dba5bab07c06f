import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { findHome, isPublicAddress, P2pShareError, visibleName } from '../core/index.ts'
import { type Env, homeOf } from './env.ts'
import { option } from './options.ts'
import { readSecretFile } from './passphrase.ts'

/** Which web site is spoken to, and as whom. */
export interface SiteFlags {
  site?: string
  tokenFile?: string
}

const defaultSite = 'http://127.0.0.1:8480'
const timeoutMs = 60_000
const maxAnswerBytes = 32 * 1024 * 1024

export function defineSite(command: Command): void {
  command
    .addOption(option('--site <url>', `address of the web site (default: ${defaultSite})`))
    .addOption(option('--token-file <file>', 'moderator’s token (default: the one that serve wrote)'))
}

/** Speaks to the moderators’ part of a catalog’s web site. */
export class SiteClient {
  readonly #base: URL
  readonly #token: string
  readonly #env: Env

  private constructor(base: URL, token: string, env: Env) {
    this.#base = base
    this.#token = token
    this.#env = env
  }

  /**
   * Reads the token: from `--token-file`, `P2PSHARE_TOKEN`, or the file that `catalog serve` made.
   *
   * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`, `ERR_NOT_AUTHORIZED` where there is no token
   */
  static async open(flags: SiteFlags, env: Env): Promise<SiteClient> {
    const site = flags.site ?? defaultSite
    const base = URL.canParse(site) ? new URL(site) : undefined
    if (!base || !/^https?:$/.test(base.protocol))
      throw new P2pShareError('ERR_INVALID_ARGUMENT', `--site: "${site.slice(0, 100)}" is no http(s) address`)
    if (base.protocol === 'http:' && isPublicAddress(base.hostname))
      throw new P2pShareError(
        'ERR_INVALID_ARGUMENT',
        `--site: ${base.host} would be sent the token without encryption: use https`,
      )
    return new SiteClient(base, await readToken(flags, env), env)
  }

  get<T>(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): Promise<T> {
    const url = new URL(`/api/v1/moderation/${path}`, this.#base)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    return this.#ask('GET', url)
  }

  send<T>(method: 'POST' | 'PATCH', path: string, body: object): Promise<T> {
    return this.#ask(method, new URL(`/api/v1/moderation/${path}`, this.#base), body)
  }

  async #ask<T>(method: string, url: URL, body?: object): Promise<T> {
    const { signal } = this.#env
    const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const headers: Record<string, string> = { authorization: `Bearer ${this.#token}` }
    if (body) headers['content-type'] = 'application/json'
    try {
      const init = { method, headers, body: body ? JSON.stringify(body) : null, signal: patience }
      // A redirect could send the token elsewhere.
      const response = await fetch(url, { ...init, redirect: 'error' })
      const answer = await readJson(response)
      if (response.ok) return answer as T
      throw problemOf(response.status, answer)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof P2pShareError) throw error
      const why = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error)
      const message = `${url.origin} does not answer: ${why.message}`
      throw new P2pShareError('ERR_FETCH_FAILED', message, { cause: error })
    }
  }
}

async function readToken({ tokenFile }: SiteFlags, env: Env): Promise<string> {
  if (tokenFile !== undefined) return readSecretFile(resolve(env.cwd, tokenFile))
  const { P2PSHARE_TOKEN: given } = env.variables
  if (given) return given
  const made = join(findHome(homeOf(env)).data, 'moderator-token')
  return readSecretFile(made).catch((error: unknown) => {
    throw new P2pShareError(
      'ERR_NOT_AUTHORIZED',
      `A moderator’s token is needed: set P2PSHARE_TOKEN or give --token-file; there is none at ${made}`,
      { cause: error },
    )
  })
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length
    if (sizeBytes > maxAnswerBytes) throw new Error('its answer is too long')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Error(`it answers ${response.status} without JSON: is it a catalog’s web site?`)
  }
}

/** A problem document (RFC 9457) as an error. */
function problemOf(status: number, answer: unknown): P2pShareError {
  const { title, detail } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<
    string,
    unknown
  >
  const text = visibleName(String(detail ?? title ?? `The site answered ${status}`).slice(0, 1_000))
  if (status === 401 || status === 403) return new P2pShareError('ERR_NOT_AUTHORIZED', text)
  if (status === 429) return new P2pShareError('ERR_RATE_LIMITED', text)
  return new P2pShareError(status < 500 ? 'ERR_INVALID_ARGUMENT' : 'ERR_FETCH_FAILED', text)
}
