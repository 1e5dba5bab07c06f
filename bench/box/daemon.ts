import type { Owner } from '../../test/kit/owner.ts'

/** A client that runs without a window, for months, and is steered over HTTP. */
export interface Daemon {
  readonly name: 'p2pshare' | 'transmission' | 'qbittorrent'
  /** Whether it is installed. */
  isHere(): boolean
  /** Starts it on what it keeps in `home`, and waits for nothing. */
  start(owner: Owner, home: string): Promise<RunningDaemon>
}

export interface RunningDaemon {
  readonly pid: number
  /** Its page, where that is measured: ours. */
  readonly pageUrl?: string | undefined
  /** Waits until it answers. */
  ready(): Promise<void>
  /** Takes a torrent whose content lies complete in `folder`. */
  add(torrent: Uint8Array, folder: string): Promise<void>
  /** How many torrents seed. */
  seeding(): Promise<number>
  /** Asks for the list of all torrents, with what is shown of each. Answers how many there are. */
  list(): Promise<number>
  /** Ends it in good order. */
  stop(): Promise<void>
}

/** What a list shows of each torrent: what transmission-remote asks for. */
export const listFields = [
  'errorString',
  'eta',
  'id',
  'isFinished',
  'leftUntilDone',
  'name',
  'peersGettingFromUs',
  'peersSendingToUs',
  'rateDownload',
  'rateUpload',
  'sizeWhenDone',
  'status',
  'uploadRatio',
]
