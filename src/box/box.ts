import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Catalog } from '../catalog/index.ts'
import { findHome, type Home, P2pShareError } from '../core/index.ts'
import { type HeldFile, holdFile } from '../database/index.ts'
import type { Listening } from '../http/index.ts'
import { Swarm, type SwarmInit } from '../swarm/index.ts'
import type { BoxInit } from './box-init.ts'
import { systemClock } from './clock.ts'
import { type BoxConfig, watchedForm } from './config/box-config.ts'
import { ConfigFile } from './config/config-file.ts'
import { ConfigWatch } from './config/config-watch.ts'
import { LiveConfig } from './config/live-config.ts'
import { type BoxDatabase, openBoxDatabase } from './database/open-box-database.ts'
import { everyMsOf, Following } from './follow/following.ts'
import { Mirrored } from './follow/mirrored.ts'
import { KeptCatalog } from './kept-catalog.ts'
import { problemText } from './log/problem-text.ts'
import { toldError } from './log/told-error.ts'
import { withoutSecrets } from './log/without-secrets.ts'
import { closeHome } from './private-home.ts'
import { servePage } from './serve-page.ts'
import { type ApiToken, loadApiToken } from './server/api-token.ts'
import { boxApp } from './server/app.ts'
import { Desk } from './server/desk.ts'
import { forgetWhereBoxIs, tellWhereBoxIs } from './server/where.ts'
import { CleanCopies } from './shelf/clean-copies.ts'
import { EntryStore } from './shelf/entry-store.ts'
import { Shelf } from './shelf/shelf.ts'
import { swarmInit } from './swarm-init.ts'
import { Upkeep } from './upkeep/upkeep.ts'
import { CatalogListings } from './watch/catalog-listings.ts'
import { Watch } from './watch/watch.ts'

/** What the parts of a box have in common. */
interface Parts {
  readonly held: HeldFile
  readonly home: Home
  readonly settings: LiveConfig
  readonly database: BoxDatabase
  readonly mirrored: Mirrored
  readonly swarm: Swarm
  readonly network: SwarmInit
  readonly token: ApiToken
}

/**
 * The seed box: keeps transfers over restarts, shares what is dropped into its folders, and is steered over HTTP, also by the program that
 * started it: see `BoxClient`.
 *
 * @example
 * await using box = await Box.start()
 * console.log(box.url)
 */
export class Box {
  readonly swarm: Swarm
  /** What whoever steers it shows. */
  readonly token: ApiToken
  /** @internal */
  readonly shelf: Shelf
  /** @internal */
  readonly upkeep: Upkeep
  /** @internal */
  readonly desk: Desk
  /** @internal */
  readonly following: Following
  /** @internal */
  readonly watch: Watch
  readonly #kept: KeptCatalog
  readonly #parts: Parts
  readonly #statePath: string
  readonly #init: BoxInit
  #configWatch: ConfigWatch | undefined
  #server: Listening | undefined
  readonly #stopped = Promise.withResolvers<void>()
  #stopping: Promise<void> | undefined

  private constructor(parts: Parts, statePath: string, init: BoxInit) {
    this.#parts = parts
    this.#statePath = statePath
    this.#init = init
    this.swarm = parts.swarm
    this.token = parts.token
    const onProblem = (what: string, error: unknown) => this.#tellProblem(what, error)
    this.shelf = new Shelf({
      swarm: parts.swarm,
      store: new EntryStore(parts.database),
      copies: new CleanCopies({ ...parts, folder: join(parts.home.data, 'clean'), onProblem }),
      downloads: () => this.#folders.downloads,
      limits: () => ({
        ...this.#config.queue,
        ratio: this.#config.goals.ratio,
        seedMs: this.#config.goals.seed_time,
      }),
      terms: origin => this.following.admission.terms(origin),
      onProblem,
    })
    this.upkeep = new Upkeep({
      ...parts,
      shelf: this.shelf,
      variables: init.variables ?? {},
      clock: init.clock ?? systemClock,
      secrets: [parts.token.value],
    })
    this.desk = new Desk({
      shelf: this.shelf,
      swarm: parts.swarm,
      limits: this.upkeep.current,
      upkeep: () => this.upkeep.state(this.watch.notices()),
      clock: init.clock ?? systemClock,
      url: () => this.url,
      folders: () => this.#folders,
      onProblem,
    })
    this.#kept = new KeptCatalog({
      home: init.home,
      swarm: parts.swarm,
      everyMs: () => everyMsOf(this.#config.follow),
      onProblem,
    })
    this.following = new Following({
      ...parts,
      shelf: this.shelf,
      kept: this.#kept,
      settings: () => this.#config.follow,
      downloads: () => this.#folders.downloads,
      now: () => (init.clock ?? systemClock).now().getTime(),
      onProblem,
    })
    this.watch = new Watch({
      ...parts,
      shelf: this.shelf,
      listings: new CatalogListings(() => this.#kept.open()),
      onProblem,
      onNotice: message => this.#tell(message),
      log: message => this.upkeep.log.write(message),
    })
  }

  /**
   * Starts the box of a home, and begins to take up its transfers. Aborting undoes the start; once it is up there is `stop`.
   *
   * @throws {P2pShareError} `ERR_HOME_LOCKED` where another box has the home, `ERR_INVALID_CONFIG`, `ERR_PORT_TAKEN`, `ERR_DATABASE`
   */
  static async start(init: BoxInit = {}): Promise<Box> {
    init.signal?.throwIfAborted()
    const home = findHome(init.home)
    const warnings = await closeHome(home, init.home)
    const held = await holdFile(join(home.state, 'box.lock'))
    if (!held)
      throw new P2pShareError(
        'ERR_HOME_LOCKED',
        `Another box runs on the home ${init.home ?? 'of this user'}`,
      )
    await using undo = new AsyncDisposableStack()
    undo.defer(() => held.release())
    const settings = await LiveConfig.open(new ConfigFile(home))
    const database = await openBoxDatabase(join(home.data, 'box.db'))
    undo.defer(() => database.destroy())
    const token = await loadApiToken(
      join(init.home ?? home.config, 'api-token'),
      join(home.state, 'api-token-shown'),
    )
    const network = swarmInit(settings.value, init)
    const swarm = undo.use(await Swarm.start(network))
    const mirrored = await Mirrored.open(database)
    const box = new Box(
      { home, held, settings, database, mirrored, swarm, network, token },
      join(home.state, 'box.json'),
      init,
    )
    init.signal?.throwIfAborted()
    await box.#serve(init)
    undo.move()
    box.upkeep.start(box.url)
    for (const warning of [...warnings, token.warning]) if (warning !== undefined) box.#tell(warning)
    await box.#watchConfig()
    void box.shelf
      .restore()
      .then(() => box.following.start())
      .catch(error => box.#tellProblem('Transfers cannot be taken up', error))
      .then(() => box.#applyWatch())
    return box
  }

  /** The catalogs of the home, where they are in use. */
  get catalog(): Catalog | undefined {
    return this.#kept.opened
  }

  /** @internal The settings that hold. */
  get config(): BoxConfig {
    return this.#config
  }

  /** @internal What its swarm was started with: others that are set since hold from the next start on. */
  get network(): SwarmInit {
    return this.#parts.network
  }

  /** Where its pages and its API are. */
  get url(): string {
    return this.#server?.url ?? ''
  }

  /**
   * Reads the settings anew and lets them hold, while all transfers go on. Where the file is wrong the old ones stay, and what is wrong
   * is told. Never rejects.
   */
  async reload(): Promise<void> {
    try {
      await this.#parts.settings.reload(async ({ isChanged, forNextStart }) => {
        if (!isChanged) return this.#tell('The settings are as they were')
        this.shelf.applyQueue()
        this.upkeep.apply()
        this.following.apply()
        await this.#applyWatch()
        const waits = forNextStart.length > 0 ? `; at the next start also ${forNextStart.join(', ')}` : ''
        this.#tell(`The settings as they are now hold${waits}`)
      })
    } catch (error) {
      this.#tellProblem('The settings stay as they were', error)
    }
  }

  /** Stops within 5 s; everything is taken up at the next start. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => this.#stopped.resolve())
    return this.#stopping
  }

  /** Settles once it has stopped, whoever asked for that. */
  get stopped(): Promise<void> {
    return this.#stopped.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  get #config(): BoxConfig {
    return this.#parts.settings.value
  }

  get #folders(): { readonly downloads: string; readonly uploads: string } {
    const { downloads = join(homedir(), 'p2pshare'), uploads } = this.#config.folders
    return { downloads, uploads: uploads ?? join(downloads, 'dropped') }
  }

  async #applyWatch(): Promise<void> {
    const { watch } = this.#config.folders
    const own = this.#init.watch?.map(
      path => watch.find(folder => resolve(folder.path) === resolve(path)) ?? watchedForm.parse({ path }),
    )
    await this.watch.apply(own ?? watch).catch(error => this.#tellProblem('Folders cannot be watched', error))
  }

  #tell(message: string): void {
    this.upkeep.log.write(message)
    this.#init.onNotice?.(withoutSecrets(message, this.#secrets))
  }

  #tellProblem(what: string, error: unknown): void {
    this.upkeep.log.write(problemText(what, error))
    // What is on stderr is kept in journals, as the log is.
    this.#init.onProblem?.(withoutSecrets(what, this.#secrets), toldError(error, this.#secrets))
  }

  get #secrets(): readonly string[] {
    return [this.token.value]
  }

  async #watchConfig(): Promise<void> {
    this.#configWatch = await ConfigWatch.start({
      path: this.#parts.settings.path,
      onChange: () => void this.reload(),
      onProblem: error => this.#tellProblem('Changes of the settings are not noticed', error),
    })
  }

  async #serve({ listen: where = this.#config.server.listen }: BoxInit): Promise<void> {
    const app = boxApp(this, { server: this.#config.server, listenHost: where.host, token: this.token.value })
    this.#server = await servePage((request, env) => app.fetch(request, env), where)
    await tellWhereBoxIs(this.#statePath, this.#server.url)
  }

  async #stop(): Promise<void> {
    this.#configWatch?.stop()
    this.desk.events.close()
    await forgetWhereBoxIs(this.#statePath)
    await Promise.all([this.following.stop(), this.watch.stop()])
    await Promise.all([this.#server?.close(), this.shelf.stop(), this.upkeep.stop(), this.#kept.stop()])
    await this.swarm.stop()
    await this.#parts.database.destroy()
    this.#parts.held.release()
  }
}
