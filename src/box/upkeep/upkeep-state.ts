import type { LiveConfig } from '../config/live-config.ts'
import type { LimitKeeper } from '../schedule/limit-keeper.ts'
import type { Item } from '../shelf/item.ts'
import { troublesOf } from './troubles.ts'

/** Something that somebody should look after. */
export interface Notice {
  /**
   * `settings`: the file is wrong; `restart`: settings wait for the next start; `transfers`: some cannot run; `folders`: something in a
   * watched folder, or all of it, cannot be shared.
   */
  readonly about: 'settings' | 'restart' | 'transfers' | 'folders'
  readonly message: string
  /** How many transfers it is about. */
  readonly transfers: number
}

/** What the status says beside what the transfers do. */
export interface UpkeepState {
  readonly isSlow: boolean
  /** When other limits hold, ISO 8601; `undefined` where the hours never change. */
  readonly hoursChangeAt: string | undefined
  readonly notices: readonly Notice[]
}

const maxOfFolders = 20

/** @param folders what the watched ones tell, which some transfers may tell too */
export function upkeepState(
  settings: Pick<LiveConfig, 'problem' | 'forNextStart'>,
  limits: LimitKeeper,
  items: Iterable<Item>,
  folders: readonly string[],
): UpkeepState {
  const { problem, forNextStart } = settings
  const notices: Notice[] = troublesOf(items).map(({ message, transfers }) => ({
    about: 'transfers',
    message,
    transfers,
  }))
  const isTold = new Set(notices.map(({ message }) => message))
  const others = folders.filter(message => !isTold.has(message))
  const shown = others.slice(0, maxOfFolders)
  if (others.length > shown.length)
    shown.push(`${others.length - shown.length} more in watched folders: see the log`)
  for (const message of shown) notices.push({ about: 'folders', message, transfers: 0 })
  if (forNextStart.length > 0)
    notices.unshift({
      about: 'restart',
      message: `Start the box anew for these settings to hold: ${forNextStart.join(', ')}`,
      transfers: 0,
    })
  if (problem)
    notices.unshift({
      about: 'settings',
      message: `The settings stay as they were: ${problem.message}`,
      transfers: 0,
    })
  return { isSlow: limits.held.isSlow, hoursChangeAt: limits.nextChange()?.toISOString(), notices }
}
