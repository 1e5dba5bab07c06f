import type { SteeredBox } from '../steered-box.ts'
import { limitAfter, readLimitWish } from './limit-wish.ts'
import type { Params } from './params.ts'
import { RememberedAmounts } from './remembered-amounts.ts'

/** The limits over all transfers, as clients set them: until the hour or the settings set others. */
export class SessionSpeed {
  readonly #box: SteeredBox
  readonly #memory = new RememberedAmounts()
  /** What somebody chose, and what the hour said then. */
  #chosen: { readonly isSlow: boolean; readonly hourIsSlow: boolean } | undefined

  constructor(box: SteeredBox) {
    this.#box = box
  }

  get isSlow(): boolean {
    const hourIsSlow = this.#box.upkeep.limits.held.isSlow
    return this.#chosen?.hourIsSlow === hourIsSlow ? this.#chosen.isSlow : hourIsSlow
  }

  set(params: Params): void {
    const isSlow = params.flag('alt_speed_enabled')
    if (isSlow !== undefined && isSlow !== this.isSlow) this.#setSlow(isSlow)
    const [up, down] = [
      readLimitWish(params, 'speed_limit_up', 'speed_limit_up_enabled'),
      readLimitWish(params, 'speed_limit_down', 'speed_limit_down_enabled'),
    ]
    if (!up && !down) return
    const { limits } = this.#box.desk
    const { upload, download } = limits.held
    const facts = { of: this, memory: this.#memory }
    limits.set({
      upload: up ? limitAfter(up, 'upload', { ...facts, now: upload }) : upload,
      download: down ? limitAfter(down, 'download', { ...facts, now: download }) : download,
    })
  }

  #setSlow(isSlow: boolean): void {
    const { desk, config, upkeep } = this.#box
    const { limits, slow } = config
    this.#chosen = { isSlow, hourIsSlow: upkeep.limits.held.isSlow }
    desk.limits.set({
      upload: (isSlow ? slow.upload : undefined) ?? limits.upload,
      download: (isSlow ? slow.download : undefined) ?? limits.download,
    })
  }
}
