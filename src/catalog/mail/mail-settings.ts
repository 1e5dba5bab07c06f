import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { fileSystemError, type Home, P2pShareError } from '../../core/index.ts'

/** The SMTP server that mails go out through. */
export interface MailSettings {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
  /**
   * `tls` from the first byte (port 465), `starttls` before anything is said, or `none`.
   * @default starttls; none on this machine itself
   */
  readonly security: 'tls' | 'starttls' | 'none'
  /** The address that mails come from, bare or as `Name <address>`. */
  readonly from: string
}

const maxFileBytes = 16_384
const line = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'holds a control character')

const schema = z.strictObject({
  url: line.optional(),
  host: line.optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  user: line.optional(),
  password: line.optional(),
  passwordFile: line.optional(),
  security: z.enum(['tls', 'starttls', 'none']).optional(),
  from: line.optional(),
})

const variables = {
  url: 'P2PSHARE_SMTP_URL',
  host: 'P2PSHARE_SMTP_HOST',
  port: 'P2PSHARE_SMTP_PORT',
  user: 'P2PSHARE_SMTP_USER',
  password: 'P2PSHARE_SMTP_PASSWORD',
  passwordFile: 'P2PSHARE_SMTP_PASSWORD_FILE',
  security: 'P2PSHARE_SMTP_SECURITY',
  from: 'P2PSHARE_MAIL_FROM',
} as const

/**
 * Finds the SMTP server in `P2PSHARE_SMTP_URL` (`smtp://user:password@host:587`, `smtps://…`) or `P2PSHARE_SMTP_HOST`,
 * `_PORT`, `_USER`, `_PASSWORD` or `_PASSWORD_FILE`, `_SECURITY` and `P2PSHARE_MAIL_FROM`; without them, under the same
 * names in small letters (`url`, `host`, `passwordFile`, `from`, …) in mail.json of the home's config folder.
 * `undefined` where neither names one: then no mails are sent.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for settings that cannot be used, `ERR_UNREADABLE_FILE`
 */
export async function loadMailSettings(
  environment: Readonly<Record<string, string | undefined>>,
  home: Home,
): Promise<MailSettings | undefined> {
  const given = Object.entries(variables).flatMap(([key, name]) => {
    const value = environment[name]
    return value ? [[key, value] as const] : []
  })
  if (given.some(([key]) => key === 'url' || key === 'host'))
    return settle(Object.fromEntries(given), 'the environment')
  const path = join(home.config, 'mail.json')
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(path, 'it is no JSON')
  }
  return settle({ ...(value as object), ...Object.fromEntries(given) }, path)
}

async function settle(value: unknown, where: string): Promise<MailSettings> {
  const { success, data, error } = schema.safeParse(value)
  if (!success) throw invalid(where, `${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message}`)
  const given = data.url === undefined ? data : { ...fromUrl(data.url, where), ...data }
  const { host, from, user } = given
  if (host === undefined) throw invalid(where, 'the host of the SMTP server is missing')
  if (from === undefined)
    throw invalid(where, `the address that mails come from (from, ${variables.from}) is missing`)
  const password = given.password ?? (await passwordOf(given.passwordFile))
  const security = given.security ?? (given.port === 465 ? 'tls' : isThisMachine(host) ? 'none' : 'starttls')
  const port = given.port ?? (security === 'tls' ? 465 : 587)
  return Object.freeze({ host, port, user, password, security, from })
}

function fromUrl(text: string, where: string): Partial<z.infer<typeof schema>> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Neither the address nor a cause is told: it may hold a password.
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    throw invalid(where, 'the url is no smtp://host or smtps://host')
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port ? { port: Number(url.port) } : {}),
    ...(url.username ? { user: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'smtps:' ? { security: 'tls' as const } : {}),
  }
}

async function passwordOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  const text = await readIfThere(path)
  if (text === undefined) throw new P2pShareError('ERR_PATH_NOT_FOUND', `There is nothing at ${path}`)
  return text.replace(/\r?\n$/, '')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > maxFileBytes) throw invalid(path, 'it is too large')
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileSystemError(error, path, 'read')
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && /^(?:127\.|::1$)/.test(host))
}

function invalid(where: string, why: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_ARGUMENT', `The settings for mail in ${where} cannot be used: ${why}`)
}
