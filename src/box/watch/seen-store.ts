import type { BoxDatabase } from '../database/open-box-database.ts'
import type { FoundFile } from './found.ts'
import { readFiles, readSeen, rowOfSeen, type Seen, writtenFiles } from './seen.ts'

const columns = [
  'path',
  'folder',
  'kind',
  'info_hash',
  'stamp',
  'identity',
  'made_with',
  'listed_as',
  'is_elsewhere',
] as const

/** What was dealt with in all watched folders: in the database, and at hand by path, folder, identity and info-hash. */
export class SeenStore {
  readonly #db: BoxDatabase
  readonly #byPath = new Map<string, Seen>()
  readonly #byFolder = new Index()
  readonly #byIdentity = new Index()
  readonly #byHash = new Index()

  private constructor(db: BoxDatabase) {
    this.#db = db
  }

  /** @throws {P2pShareError} `ERR_DATABASE` */
  static async open(db: BoxDatabase): Promise<SeenStore> {
    const store = new SeenStore(db)
    for (const row of await db.selectFrom('watched').select(columns).execute()) store.#hold(readSeen(row))
    return store
  }

  get(path: string): Seen | undefined {
    return this.#byPath.get(path)
  }

  folders(): readonly string[] {
    return this.#byFolder.keys()
  }

  inFolder(folder: string): readonly Seen[] {
    return this.#at(this.#byFolder.get(folder))
  }

  alike(identity: string): readonly Seen[] {
    return this.#at(this.#byIdentity.get(identity))
  }

  withHash(infoHash: string): readonly Seen[] {
    return this.#at(this.#byHash.get(infoHash))
  }

  /** Its files as they were; of many thousands they would fill the memory. */
  async files(path: string): Promise<readonly FoundFile[]> {
    const row = await this.#db
      .selectFrom('watched')
      .select('files')
      .where('path', '=', path)
      .executeTakeFirst()
    return row ? readFiles(row.files) : []
  }

  /** Keeps one, in the place of what was at its path; without `files` those that are kept stay. */
  async put(seen: Seen, files?: readonly FoundFile[]): Promise<void> {
    const row = rowOfSeen(seen)
    const written = files && { files: writtenFiles(files) }
    await this.#db
      .insertInto('watched')
      .values({ files: '[]', ...row, ...written })
      .onConflict(conflict => conflict.column('path').doUpdateSet({ ...row, ...written }))
      .execute()
    this.#forget(seen.path)
    this.#hold(seen)
  }

  async delete(path: string): Promise<void> {
    await this.#db.deleteFrom('watched').where('path', '=', path).execute()
    this.#forget(path)
  }

  /** Device and inode of a folder when it was last there; of earlier versions the device alone. */
  async placeOf(folder: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('watch_folder')
      .select('device')
      .where('path', '=', folder)
      .executeTakeFirst()
    return row?.device
  }

  async keepPlace(path: string, device: string): Promise<void> {
    await this.#db
      .insertInto('watch_folder')
      .values({ path, device })
      .onConflict(conflict => conflict.column('path').doUpdateSet({ device }))
      .execute()
  }

  #hold(seen: Seen): void {
    this.#byPath.set(seen.path, seen)
    this.#byFolder.add(seen.folder, seen.path)
    this.#byIdentity.add(seen.identity, seen.path)
    if (seen.infoHash !== '') this.#byHash.add(seen.infoHash, seen.path)
  }

  #forget(path: string): void {
    const seen = this.#byPath.get(path)
    if (!seen) return
    this.#byPath.delete(path)
    this.#byFolder.delete(seen.folder, path)
    this.#byIdentity.delete(seen.identity, path)
    this.#byHash.delete(seen.infoHash, path)
  }

  #at(paths: Iterable<string>): Seen[] {
    return Array.from(paths, path => this.#byPath.get(path)!)
  }
}

/** Paths by a word that several may have in common. */
class Index {
  readonly #paths = new Map<string, Set<string>>()

  keys(): string[] {
    return [...this.#paths.keys()]
  }

  get(key: string): Iterable<string> {
    return this.#paths.get(key) ?? []
  }

  add(key: string, path: string): void {
    const paths = this.#paths.get(key)
    if (paths) paths.add(path)
    else this.#paths.set(key, new Set([path]))
  }

  delete(key: string, path: string): void {
    const paths = this.#paths.get(key)
    if (paths?.delete(path) && paths.size === 0) this.#paths.delete(key)
  }
}
