import { formatAim, isMet } from './aims.ts'
import type { Measurement } from './measurement.ts'

const headings = ['', 'client', 'median', 'min', 'max', 'unit', 'to p2pshare', 'aim']

/** An aligned table: a block for each thing measured, each client with its ratio to ours, and what was aimed at. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((row, index) => {
    const ours = measurements.find(other => other.name === row.name && isOurs(other))
    const isFirst = measurements[index - 1]?.name !== row.name
    const ratio = ours && ours !== row ? `${(row.median / ours.median).toFixed(2)} ×` : ''
    const figures = [row.median, row.min, row.max].map(formatFigure)
    const aim = row.aim ? `${formatAim(row.aim)} ${isMet(row) ? 'met' : 'MISSED'}` : ''
    return [isFirst ? row.name : '', row.client, ...figures, row.unit, ratio, aim]
  })
  const widths = headings.map((_, column) =>
    Math.max(...[headings, ...rows].map(cells => cells[column]!.length)),
  )
  return [headings, ...rows]
    .map(cells =>
      cells
        .map((cell, column) => align(cell, widths[column]!, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function isOurs({ client }: Measurement): boolean {
  return client === 'p2pshare' || client === 'p2pshare → p2pshare'
}

function align(cell: string, width: number, column: number): string {
  const isNumber = column >= 2 && column <= 4
  return isNumber ? cell.padStart(width) : cell.padEnd(width)
}

function formatFigure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
