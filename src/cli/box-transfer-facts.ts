import type { TransferView } from '../box/index.ts'
import { formatDuration, formatLimit, formatRate, formatSize } from './format.ts'

/**
 * All that is told of a transfer of the box, a line each; what there is nothing to say of has no value.
 *
 * @param before how many wait for their turn before it, where it waits
 */
export function transferFacts(
  view: TransferView,
  before?: number,
): readonly (readonly [name: string, value: string | undefined])[] {
  const { state, reason, peers, seeds, etaSeconds, sizeBytes, haveBytes } = view
  return [
    ['Name', view.name],
    ['State', reason === undefined ? state : `${state}: ${reason}`],
    ['Queue', before === undefined ? undefined : `${before} before it`],
    ['Size', `${formatSize(sizeBytes)}, ${formatSize(haveBytes)} here`],
    ['Rates', `down ${formatRate(view.downloadBytesPerSecond)}, up ${formatRate(view.uploadBytesPerSecond)}`],
    ['Here in', etaSeconds === undefined ? undefined : formatDuration(etaSeconds * 1000)],
    ['Peers', seeds > 0 ? `${peers}, ${seeds} of them with all of it` : `${peers}`],
    ['Given', `${formatSize(view.uploadedBytes)}, ratio ${view.ratio.toFixed(2)}`],
    ['Limits', `down ${formatLimit(view.downloadLimit)}, up ${formatLimit(view.uploadLimit)}`],
    ['Rests', goalsOf(view)],
    ['Path', view.path],
    ['Labels', view.labels.join(', ') || undefined],
    ['From', view.origin],
    ['Added', view.addedAt],
    ['Done', view.doneAt],
    ['Info-hash', view.infoHash],
    ['Magnet', view.magnet],
  ]
}

/** When it has given enough. */
function goalsOf({ ratioGoal, seedSecondsGoal }: TransferView): string {
  if (ratioGoal === null && seedSecondsGoal === null) return 'as the settings say'
  if (ratioGoal === 0 && seedSecondsGoal === 0) return 'never'
  const goals = [
    goalOf('ratio', ratioGoal, ratio => `at ratio ${ratio}`),
    goalOf('time', seedSecondsGoal, seconds => `after ${formatDuration(seconds * 1000)}`),
  ]
  return goals.join(', ')
}

function goalOf(what: string, goal: number | null, told: (goal: number) => string): string {
  if (goal === null) return `${what} as the settings say`
  return goal === 0 ? `at no ${what}` : told(goal)
}
