import type { LiveConfig } from '../config/live-config.ts'
import type { LimitKeeper } from '../schedule/limit-keeper.ts'
import type { Item } from '../shelf/item.ts'
import { troublesOf } from './troubles.ts'

/** Something that somebody should look after. */
export interface Notice {
  /** `settings`: the file is wrong; `restart`: settings wait for the next start; `transfers`: some cannot run. */
  readonly about: 'settings' | 'restart' | 'transfers'
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

export function upkeepState(
  settings: Pick<LiveConfig, 'problem' | 'forNextStart'>,
  limits: LimitKeeper,
  items: Iterable<Item>,
): UpkeepState {
  const { problem, forNextStart } = settings
  const notices: Notice[] = troublesOf(items).map(({ message, transfers }) => ({
    about: 'transfers',
    message,
    transfers,
  }))
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
