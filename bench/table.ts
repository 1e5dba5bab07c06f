import type { Measurement } from './measurement.ts'

const headings = ['', 'client', 'median', 'min', 'max', 'unit', 'to p2pshare']

/** An aligned table: a block for each thing measured, each client with its ratio to ours. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((row, index) => {
    const ours = measurements.find(other => other.name === row.name && other.client === 'p2pshare')
    const isFirst = measurements[index - 1]?.name !== row.name
    const ratio = ours && ours !== row ? `${(row.median / ours.median).toFixed(2)} ×` : ''
    const figures = [row.median, row.min, row.max].map(formatFigure)
    return [isFirst ? row.name : '', row.client, ...figures, row.unit, ratio]
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

function align(cell: string, width: number, column: number): string {
  const isNumber = column >= 2 && column <= 4
  return isNumber ? cell.padStart(width) : cell.padEnd(width)
}

function formatFigure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
