import type { Hono } from 'hono'
import { findHome, P2pShareError } from '../../core/index.ts'
import { addressReader, allowedHosts, type HttpEnv, type Listening, listen } from '../../http/index.ts'
import { Swarm } from '../../swarm/index.ts'
import { Catalog } from '../catalog.ts'
import { Mailer } from '../mail/mailer.ts'
import { Moderators } from '../moderation/moderators.ts'
import { SubmissionDesk } from '../submission/submission-desk.ts'
import { siteApp } from './app.ts'
import type { CatalogServer, CatalogServerInit, SiteLogEntry } from './catalog-server.ts'
import { machineRoutes } from './machine/machine-routes.ts'
import { SiteMetrics } from './machine/metrics.ts'
import { listingPath, submissionPath } from './paths.ts'
import { publicOrigin } from './public-origin.ts'
import type { Shutdown } from './shutdown.ts'
import { type Site, type SiteSettings, siteUrl } from './site.ts'
import { siteHealth } from './site-health.ts'
import { listedIn } from './tracker/listed-in.ts'
import { SiteTracker } from './tracker.ts'

const defaultName = 'p2pshare catalog'
const defaultPort = 8480
const closeTimeoutMs = 3_000

/** Starts the parts of a site, and leaves to `shutdown` how they end. */
export async function startSite(
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
  const answering = siteApp(site, {
    machine: machineRoutes(site, { metrics, isSwarmUp, torznabApiKey: init.torznabApiKey }),
    observe: metrics.observe,
    isAllowedHost: allowedHosts({ listenHost: host, publicUrl }),
    readAddress,
    rateLimit: init.rateLimit,
    keepPagesMs: init.keepPagesMs,
    onError: (error, path) => log({ level: 'error', message: `Cannot answer ${path}`, error }),
  })
  app = answering
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
  const fetch = async (request: Request) => answering.fetch(request, {})
  return { url: listening.url, port: listening.port, site, fetch, firstTokenPath }
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
