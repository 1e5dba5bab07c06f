import type { Swarm } from '../swarm/index.ts'

/** Bytes a second over all transfers; `undefined` is without limit. */
export interface Limits {
  readonly upload: number | undefined
  readonly download: number | undefined
}

/** The limits that hold at the moment, whoever set them last: the settings, the hour, or somebody over the API. */
export class CurrentLimits {
  readonly #swarm: Swarm
  #held: Limits = { upload: undefined, download: undefined }

  constructor(swarm: Swarm) {
    this.#swarm = swarm
  }

  get held(): Limits {
    return this.#held
  }

  set({ upload, download }: Limits): void {
    this.#held = { upload, download }
    this.#swarm.setLimits({ uploadBytesPerSecond: upload, downloadBytesPerSecond: download })
  }
}
