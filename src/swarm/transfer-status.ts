import type { P2pShareError } from '../core/index.ts'
import { canFollow, type TransferState } from './transfer-state.ts'

/** What the state of a transfer follows from. */
export interface StatusFacts {
  readonly hasMetadata: boolean
  /** What is on disk is being looked at, or moved. */
  readonly isChecking: boolean
  /** Every wanted piece is held. */
  readonly isComplete: boolean
  /** Somebody asked for a pause. */
  readonly isHeld: boolean
  /** Why nothing can be written now. */
  readonly stalled: P2pShareError | undefined
  /** Why nothing can be served now. */
  readonly lost: P2pShareError | undefined
  readonly ended:
    | { readonly state: 'failed' | 'stopped'; readonly reason: P2pShareError | undefined }
    | undefined
}

/** The state of a transfer, the only place where it changes. */
export class TransferStatus {
  readonly #onState: (state: TransferState) => void
  #facts: StatusFacts = {
    hasMetadata: false,
    isChecking: false,
    isComplete: false,
    isHeld: false,
    stalled: undefined,
    lost: undefined,
    ended: undefined,
  }
  #state: TransferState = 'finding'
  #reason: P2pShareError | undefined

  /** @param onState called after each change of the state */
  constructor(onState: (state: TransferState) => void) {
    this.#onState = onState
  }

  get state(): TransferState {
    return this.#state
  }

  /** Why it is `paused` without having been asked to, `missing` or `failed`. */
  get reason(): P2pShareError | undefined {
    return this.#reason
  }

  get facts(): StatusFacts {
    return this.#facts
  }

  /** Takes note of what is new. */
  set(changed: Partial<StatusFacts>): void {
    this.#facts = { ...this.#facts, ...changed }
    const [state, reason] = stateOf(this.#facts)
    if (state === this.#state) {
      this.#reason = reason
      return
    }
    if (!canFollow(this.#state, state)) return
    this.#state = state
    this.#reason = reason
    this.#onState(state)
  }
}

function stateOf(facts: StatusFacts): [state: TransferState, reason?: P2pShareError | undefined] {
  const { hasMetadata, isChecking, isComplete, isHeld, stalled, lost, ended } = facts
  if (ended) return [ended.state, ended.reason]
  if (isChecking) return ['checking']
  if (isHeld) return ['paused']
  if (!hasMetadata) return ['finding']
  if (lost) return ['missing', lost]
  if (stalled) return ['paused', stalled]
  return [isComplete ? 'seeding' : 'downloading']
}
