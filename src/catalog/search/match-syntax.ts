import type { Expression } from './expression.ts'

/**
 * An expression without prefixes as FTS5 reads it. Terms hold letters, digits and private characters only, so that none
 * of them ends its quotes.
 */
export function fts5Query(expression: Expression): string {
  switch (expression.kind) {
    case 'terms':
    case 'prefix':
      return `"${expression.terms.join(' ')}"`
    case 'any':
      return `(${expression.of.map(fts5Query).join(' OR ')})`
    case 'not':
      throw new TypeError('FTS5 has no NOT without something to take it from')
    case 'all': {
      const [wanted, excluded] = partition(expression.of)
      const text = `(${wanted.map(fts5Query).join(' AND ')})`
      return excluded.length === 0 ? text : `(${text} NOT (${excluded.map(fts5Query).join(' OR ')}))`
    }
  }
}

/** The same as PostgreSQL reads a tsquery, prefixes included. */
export function tsquery(expression: Expression): string {
  switch (expression.kind) {
    case 'terms':
    case 'prefix':
      return `(${expression.terms.map(term => `'${term}'`).join(' <-> ')}${expression.kind === 'prefix' ? ':*' : ''})`
    case 'any':
      return `(${expression.of.map(tsquery).join(' | ')})`
    case 'not':
      return `!(${tsquery(expression.of)})`
    case 'all':
      return `(${expression.of.map(tsquery).join(' & ')})`
  }
}

/** Parts that are wanted, and what the others exclude. */
function partition(parts: readonly Expression[]): [Expression[], Expression[]] {
  const excluded = parts.flatMap(part => (part.kind === 'not' ? [part.of] : []))
  return [parts.filter(part => part.kind !== 'not'), excluded]
}
