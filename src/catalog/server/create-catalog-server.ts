import type { Hono } from 'hono'
import { findHome, P2pShareError } from '../../core/index.ts'
import {
  addressReader,
  allowedHosts,
  type HttpEnv,
  type Listening,
  listen,
  type RateLimitInit,
} from '../../http/index.ts'
import { Swarm, type SwarmInit } from '../../swarm/index.ts'
import { Catalog, type CatalogInit } from '../catalog.ts'
import type { MailSettings } from '../mail/mail-settings.ts'
import { Mailer } from '../mail/mailer.ts'
import { Moderators } from '../moderation/moderators.ts'
import { SubmissionDesk } from '../submission/submission-desk.ts'
import { siteApp } from './app.ts'
import { machineRoutes } from './machine/machine-routes.ts'
import { SiteMetrics } from './machine/metrics.ts'
import { listingPath, submissionPath } from './paths.ts'
import { publicOrigin } from './public-origin.ts'
import { Shutdown } from './shutdown.ts'
import { type Site, type SiteSettings, siteUrl } from './site.ts'
import { siteHealth } from './site-health.ts'
import { listedIn } from './tracker/listed-in.ts'
import { SiteTracker } from './tracker.ts'

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
  readonly rateLimit?: RateLimitInit | false | undefined
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
  /** What answers, for requests within the process. */
  readonly app: Hono<HttpEnv>
  /** File with the first moderator's token, where one was made just now. */
  readonly firstTokenPath: string | undefined
  /** Ends what is under way, within 5 s, and closes the database. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const defaultName = 'p2pshare catalog'
const defaultPort = 8480
const closeTimeoutMs = 3_000

/**
 * Starts a catalog's web site: pages for people, feeds and an API for programs, submissions and their review; with a swarm
 * it keeps its signed catalog up in the swarm.
 *
 * @throws {P2pShareError} `ERR_PORT_TAKEN`, `ERR_DATABASE`, `ERR_INVALID_ARGUMENT`
 * @example
 * await using server = await createCatalogServer({ name: 'Zoo films', publicUrl: 'https://zoo.example.org' })
 * console.log(server.url)
 */
export async function createCatalogServer(init: CatalogServerInit = {}): Promise<CatalogServer> {
  const shutdown = new Shutdown()
  const close = () => shutdown.run()
  try {
    return { ...(await start(init, shutdown)), close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  init: CatalogServerInit,
  shutdown: Shutdown,
): Promise<Omit<CatalogServer, 'close' | typeof Symbol.asyncDispose>> {
  const {
    host = '127.0.0.1',
    now = () => new Date(),
    name = defaultName,
    description = '',
    log = () => {},
  } = init
  const publicUrl = publicOrigin(init.publicUrl)
  const readAddress = addressReader(init.trustedProxies)
  const swarm = await swarmOf(init, shutdown)
  const { home, database, pollEveryMs, signal } = init
  const catalog = await Catalog.open({ home, database, pollEveryMs, signal, now, swarm })
  shutdown.foundation(() => catalog.close())
  const own = await catalog.create(name, { description })

  let app: Hono<HttpEnv> | undefined
  let tracker: SiteTracker | undefined
  const listening = await listen((request, env) => app?.fetch(request, env) ?? notReady(), {
    host,
    port: init.port ?? defaultPort,
    closeTimeoutMs,
    onUpgrade: (request, socket, head) => {
      const address = readAddress(
        request.socket.remoteAddress,
        String(request.headers['x-forwarded-for'] ?? ''),
      )
      if (tracker && request.url?.split('?')[0] === '/announce')
        tracker.upgrade(request, socket, head, address)
      else socket.destroy()
    },
  })
  shutdown.service(() => Promise.all([listening.close(), tracker?.stop()]))
  tracker = await trackerOf(init, listening, catalog)
  const settings: SiteSettings = {
    name,
    description,
    about: init.about ?? '',
    contact: init.contact,
    publicUrl,
    listenUrl: listening.url,
    trackerUrls: tracker?.announceUrls(publicUrl ?? listening.url) ?? [],
  }
  const tell = (message: string) => (error: unknown) => log({ level: 'warning', message, error })
  const moderators = new Moderators({ database: catalog.database, home: findHome(home), now })
  const desk = deskOf(init, { catalog, settings, own: String(own.number), swarm, tell })
  const site: Site = { catalog, store: catalog.store, own, desk, moderators, settings, tracker, now }
  const metrics = new SiteMetrics(site)
  const isSwarmUp = swarm && (() => swarm.stats().port > 0)
  app = siteApp(site, {
    machine: machineRoutes(site, { metrics, isSwarmUp, torznabApiKey: init.torznabApiKey }),
    observe: metrics.observe,
    isAllowedHost: allowedHosts({ listenHost: host, publicUrl }),
    readAddress,
    rateLimit: init.rateLimit,
    keepPagesMs: init.keepPagesMs,
    onError: (error, path) => log({ level: 'error', message: `Cannot answer ${path}`, error }),
  })
  const firstTokenPath = await moderators.first()
  if (firstTokenPath) log({ level: 'info', message: `The first moderator’s token is in ${firstTokenPath}` })
  desk.start()
  shutdown.service(() => desk.stop())
  const health = siteHealth({
    catalog,
    tracker,
    ownTrackerUrls: settings.trackerUrls,
    lookup: swarm && ((infoHash, options) => swarm.countPeers(infoHash, options)),
    allowPrivateAddresses: init.allowPrivateAddresses,
    now,
    onProblem: tell('The health of listings cannot be written'),
  })
  health.start()
  shutdown.service(() => health.stop())
  if (swarm) shutdown.service(keepUp(catalog, log))
  return { url: listening.url, port: listening.port, site, app, firstTokenPath }
}

async function swarmOf(init: CatalogServerInit, shutdown: Shutdown): Promise<Swarm | undefined> {
  const { swarm: given, home, signal } = init
  if (given === false || given instanceof Swarm) return given || undefined
  const swarm = await Swarm.start({ home, signal, ...given })
  shutdown.foundation(() => swarm.stop())
  return swarm
}

async function trackerOf(
  { tracker: wanted = false, host = '127.0.0.1' }: CatalogServerInit,
  { port }: Listening,
  catalog: Catalog,
): Promise<SiteTracker | undefined> {
  if (wanted === false) return undefined
  const { udpPort = true, isOpen = false } = wanted === true ? {} : wanted
  return SiteTracker.start({
    isListed: isOpen ? undefined : listedIn(catalog.database),
    udp: udpPort === false ? undefined : { host, port: udpPort === true ? port : udpPort },
  })
}

function deskOf(
  { smtp, now }: CatalogServerInit,
  of: {
    readonly catalog: Catalog
    readonly settings: SiteSettings
    readonly own: string
    readonly swarm: Swarm | undefined
    readonly tell: (message: string) => (error: unknown) => void
  },
): SubmissionDesk {
  const { catalog, settings, own, swarm, tell } = of
  const { database, store } = catalog
  const onMailProblem = tell('A mail could not be sent')
  return new SubmissionDesk({
    database,
    store,
    catalog,
    ownCatalog: own,
    mailer: new Mailer({ database, settings: smtp, siteName: settings.name, now, onProblem: onMailProblem }),
    swarm,
    settings: {
      statusUrl: (id, secret) => siteUrl({ settings }, submissionPath(id, secret)),
      listingUrl: id => siteUrl({ settings }, listingPath(id)),
    },
    now,
    onProblem: tell('Work on submissions failed'),
  })
}

/** Keeps the catalogs up in the background; gives what ends that. */
function keepUp(catalog: Catalog, log: (entry: SiteLogEntry) => void): () => Promise<void> {
  const stop = new AbortController()
  const kept = catalog
    .keepUp({
      signal: stop.signal,
      onProblem: ({ name }, error) =>
        log({ level: 'warning', message: `The catalog "${name}" is not up to date`, error }),
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) log({ level: 'error', message: 'The catalogs are no longer kept up', error })
    })
  return async () => {
    stop.abort(new P2pShareError('ERR_STOPPED', 'The site is closing'))
    await kept
  }
}

function notReady(): Response {
  return new Response('Starting\n', { status: 503, headers: { 'retry-after': '1' } })
}
