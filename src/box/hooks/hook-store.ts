import type { BoxDatabase } from '../database/open-box-database.ts'
import type { HookEvent, HookVariables } from './hook-variables.ts'

/** A program of a hook that is still to be run. */
export interface WaitingHook {
  readonly event: HookEvent
  readonly title: string
  readonly variables: HookVariables
}

/** The hooks that wait, in the box's database, for the next start. */
export class HookStore {
  readonly #db: BoxDatabase

  constructor(db: BoxDatabase) {
    this.#db = db
  }

  /** Answers the number that {@link remove} takes. */
  async add({ event, title, variables }: WaitingHook): Promise<number> {
    const row = { event, title, variables: JSON.stringify(variables) }
    const { insertId } = await this.#db.insertInto('waiting_hook').values(row).executeTakeFirstOrThrow()
    return Number(insertId)
  }

  async remove(number: number): Promise<void> {
    await this.#db.deleteFrom('waiting_hook').where('number', '=', number).execute()
  }

  /** In the order in which they came. */
  async all(): Promise<(WaitingHook & { readonly number: number })[]> {
    const rows = await this.#db.selectFrom('waiting_hook').selectAll().orderBy('number').execute()
    return rows.map(row => ({ ...row, variables: JSON.parse(row.variables) as HookVariables }))
  }
}
