import { type Kysely, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { CatalogSchema } from '../database/schema.ts'
import { sections } from '../listing/fields.ts'
import { allOf, anyOf, type Expression } from './expression.ts'
import { splitTerm, term } from './index-terms.ts'

/** Words that a prefix stands for; those that listings have most. */
const maxCompletions = 40
/** Words that are looked through for them. */
const maxWordsRead = 20_000

/**
 * Makes an expression into one that the databases take: exclusions have what they exclude from, and for SQLite prefixes
 * become words, for it puts together all matches of a prefix before it tells the first.
 */
export async function completeExpression(
  expression: Expression,
  { reader, dialect }: Pick<CatalogDatabase, 'reader' | 'dialect'>,
): Promise<{ expression: Expression; isComplete: boolean }> {
  let isComplete = true
  const complete = async (part: Expression): Promise<Expression> => {
    if (part.kind === 'terms') return part
    if (part.kind === 'not')
      return { kind: 'all', of: [everything, { kind: 'not', of: await complete(part.of) }] }
    if (part.kind === 'prefix') {
      if (dialect === 'postgres') return part
      const before = part.terms.slice(0, -1)
      const [mark, prefix] = splitTerm(part.terms.at(-1)!)
      const words = await wordsWith(prefix, reader)
      if (words.length >= maxCompletions) isComplete = false
      return anyOf(words.map(word => ({ kind: 'terms', terms: [...before, mark + word] })))!
    }
    if (part.kind === 'any') return anyOf(await Promise.all(part.of.map(complete)))!
    const wanted = await Promise.all(part.of.filter(inner => inner.kind !== 'not').map(complete))
    const excluded = part.of.filter(inner => inner.kind === 'not')
    const without = await Promise.all(
      excluded.map(async ({ of }): Promise<Expression> => ({ kind: 'not', of: await complete(of) })),
    )
    return allOf([...(wanted.length > 0 ? wanted : [everything]), ...without])!
  }
  return { expression: await complete(expression), isComplete }
}

/** Every listing is in a section. */
const everything: Expression = {
  kind: 'any',
  of: sections.map(section => ({ kind: 'terms', terms: [term('section', section)] })),
}

/** The prefix itself, and the most common words that begin with it. */
async function wordsWith(prefix: string, db: Kysely<CatalogSchema>): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from (
      select word, count from word where word > ${prefix} and word < ${`${prefix}\u{10ffff}`} limit ${maxWordsRead}
    ) as words order by count desc, length(word), word limit ${maxCompletions - 1}`.execute(db)
  return [prefix, ...rows.map(({ word }) => word)]
}
