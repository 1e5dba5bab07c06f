import type { z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in square brackets',
  object: 'a table of settings',
}

/** What is wrong with a value, in the words of our own readers and behind its name; `undefined` where there are none. */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : takes(kinds[issue.expected])
    case 'invalid_value':
      return takes(listed(issue.values.map(value => JSON.stringify(value))))
    case 'too_big':
      return takes(`at most ${amount(issue.origin, Number(issue.maximum))}`)
    case 'too_small':
      return takes(`at least ${amount(issue.origin, Number(issue.minimum))}`)
    case 'invalid_format':
      return issue.format === 'url' ? takes('an address that begins with http:// or https://') : undefined
    case 'invalid_union':
      return takes('a number, or text in quotes')
    default:
      return undefined
  }
}

function takes(what: string | undefined): string | undefined {
  return what && `takes ${what}`
}

function amount(origin: string, count: number): string {
  if (origin === 'string') return count === 1 ? '1 character' : `${count} characters`
  if (origin === 'array') return count === 1 ? '1 entry' : `${count} entries`
  return `${count}`
}

/** `one, two or three`. */
function listed(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1')
}
