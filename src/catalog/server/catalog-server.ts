import type { Swarm, SwarmInit } from '../../swarm/index.ts'
import type { CatalogInit } from '../catalog.ts'
import type { MailSettings } from '../mail/mail-settings.ts'
import type { Site } from './site.ts'

export interface CatalogServerInit
  extends Pick<CatalogInit, 'home' | 'database' | 'pollEveryMs' | 'now' | 'signal'> {
  /** @default 127.0.0.1 */
  readonly host?: string | undefined
  /** 0 takes any free one. @default 8480 */
  readonly port?: number | undefined
  /** Where people reach the site, if not at the address that it listens on: `https://catalog.example.org`. */
  readonly publicUrl?: string | undefined
  /** Of the site and of its own catalog, which is made where there is none of that name. @default p2pshare catalog */
  readonly name?: string | undefined
  /** One sentence. */
  readonly description?: string | undefined
  /** For the about page; paragraphs are parted by an empty line. */
  readonly about?: string | undefined
  /** An e-mail or web address for people who have something to say of a listing. */
  readonly contact?: string | undefined
  /** Without it no mails are sent. */
  readonly smtp?: MailSettings | undefined
  /** One that runs already and goes on running, or how to start one; `false` does without. @default started with defaults */
  readonly swarm?: Swarm | SwarmInit | false | undefined
  /** A tracker on the site's own port, and over UDP on `udpPort`, or on the same number where it is `true`. @default none */
  readonly tracker?:
    | boolean
    | { readonly udpPort?: number | boolean | undefined; readonly isOpen?: boolean | undefined }
    | undefined
  /** Proxies whose `X-Forwarded-For` is believed: addresses, or networks such as `10.0.0.0/8`. */
  readonly trustedProxies?: readonly string[] | undefined
  /** How much one address may ask for; `false` sets no limit. @default 600 requests at once, 60 a second */
  readonly rateLimit?: { readonly burst: number; readonly perSecond: number } | false | undefined
  /** How long a page may be kept before it is made anew, in milliseconds. @default 5_000 */
  readonly keepPagesMs?: number | undefined
  /** What Torznab searches have to give as `apikey`; without it, any is taken. */
  readonly torznabApiKey?: string | undefined
  /** Whether trackers at private addresses are asked for the health of listings. @default false */
  readonly allowPrivateAddresses?: boolean | undefined
  readonly log?: ((entry: SiteLogEntry) => void) | undefined
}

/** Something that whoever runs the site may want to know. */
export interface SiteLogEntry {
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  readonly error?: unknown
}

export interface CatalogServer {
  /** Where it can be reached from this machine, without a slash at its end. */
  readonly url: string
  readonly port: number
  readonly site: Site
  /** Answers a request within the process, as the listener does those that come over the network. */
  readonly fetch: (request: Request) => Promise<Response>
  /** File with the first moderator's token, where one was made just now. */
  readonly firstTokenPath: string | undefined
  /** Ends what is under way, within 5 s, and closes the database. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
