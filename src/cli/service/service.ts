/** The box as whoever starts services on this machine is to run it. */
export interface Service {
  /** Starts p2pshare. */
  readonly program: readonly string[]
  /** Where the platform's own places are not used. */
  readonly home: string | undefined
}

/** First line of what we write: only such a file is ever written over or removed. */
export const serviceMark = 'Written by p2pshare box install'
