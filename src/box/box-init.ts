import type { AbortOptions } from '../core/index.ts'
import type { SwarmInit } from '../swarm/index.ts'
import type { BoxClock } from './clock.ts'

/** How a box is started. */
export interface BoxInit extends AbortOptions {
  /** One folder for all that the box keeps. @default the platform's own places */
  readonly home?: string | undefined
  /** Goes before the settings file. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined
  /** Goes before the settings file. */
  readonly network?: Pick<SwarmInit, 'port' | 'dht' | 'lsd' | 'pex' | 'nat' | 'encryption'> | undefined
  /** Absolute paths of folders to watch, before those of the settings file; one that is set there keeps its settings. */
  readonly watch?: readonly string[] | undefined
  /** Environment of the process, of which programs of hooks get what is not ours. @default none */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined
  /** @internal */
  readonly clock?: BoxClock | undefined
  /** Told of what goes wrong that nobody waits for; of addresses only the host, for keys may stand behind it. */
  readonly onProblem?: ((what: string, error: unknown) => void) | undefined
  /** Told of what somebody may want to know, such as that new settings hold. */
  readonly onNotice?: ((message: string) => void) | undefined
}
