import type { Aim, Measurement } from './measurement.ts'

/** The figure that is held against the aim. */
function judged({ median, max, aim }: Measurement): number {
  return aim?.by === 'max' ? max : median
}

export function isMet(row: Measurement): boolean {
  const { atLeast = -Infinity, atMost = Infinity } = row.aim ?? {}
  return judged(row) >= atLeast && judged(row) <= atMost
}

export function formatAim({ atLeast, atMost }: Aim): string {
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} … ${atMost}`
  return atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
}

/** A line for each aim: what was measured, and by how much it was missed where it was. */
export function formatVerdicts(measurements: readonly Measurement[]): string {
  return measurements
    .filter(({ aim }) => aim)
    .map(row => {
      const figure = `${judged(row).toFixed(2)} ${row.unit}`
      const verdict = isMet(row) ? 'met   ' : 'MISSED'
      return `${verdict}  ${row.name} (${row.client}): ${figure}, aim ${formatAim(row.aim!)}${shortfall(row)}`
    })
    .join('\n')
}

function shortfall(row: Measurement): string {
  if (isMet(row)) return ''
  const { atLeast, atMost } = row.aim!
  const bound = atLeast !== undefined && judged(row) < atLeast ? atLeast : atMost!
  return `: off by ${Math.abs((100 * (judged(row) - bound)) / bound).toFixed(0)} %`
}
