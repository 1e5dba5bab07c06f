/** What a listing has to be found under. */
export type Expression =
  /** Terms that follow each other. */
  | { readonly kind: 'terms'; readonly terms: readonly string[] }
  /** Terms that follow each other, the last of which may go on. */
  | { readonly kind: 'prefix'; readonly terms: readonly string[] }
  | { readonly kind: 'all'; readonly of: readonly Expression[] }
  | { readonly kind: 'any'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }

export function allOf(expressions: readonly (Expression | undefined)[]): Expression | undefined {
  return joined('all', expressions)
}

export function anyOf(expressions: readonly (Expression | undefined)[]): Expression | undefined {
  return joined('any', expressions)
}

/** The expression with every run of terms replaced, none of which are left out. */
export function mapTerms(
  expression: Expression,
  map: (terms: Extract<Expression, { kind: 'terms' | 'prefix' }>) => Expression,
): Expression {
  if (expression.kind === 'all' || expression.kind === 'any')
    return { ...expression, of: expression.of.map(part => mapTerms(part, map)) }
  return expression.kind === 'not' ? { kind: 'not', of: mapTerms(expression.of, map) } : map(expression)
}

function joined(
  kind: 'all' | 'any',
  expressions: readonly (Expression | undefined)[],
): Expression | undefined {
  const of = expressions.filter(expression => expression !== undefined)
  return of.length > 1 ? { kind, of } : of[0]
}
