/** How far back is looked, each in steps of its own. */
export const spans = {
  hour: { stepSeconds: 10, seconds: 3_600 },
  day: { stepSeconds: 60, seconds: 86_400 },
  month: { stepSeconds: 3_600, seconds: 31 * 86_400 },
} as const

export type SpanName = keyof typeof spans

/** Steps of each length that are kept, in all some 12,000 rows: of hours more than a year. */
export const keptSeconds: ReadonlyMap<number, number> = new Map([
  [spans.hour.stepSeconds, spans.hour.seconds],
  [spans.day.stepSeconds, spans.day.seconds],
  [spans.month.stepSeconds, 400 * 86_400],
])
