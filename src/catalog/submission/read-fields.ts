import type { z } from 'zod'
import { listingSchema, maxTags, sections } from '../listing/fields.ts'
import { normalizeLicense } from '../listing/license.ts'
import type { SubmissionChanges } from './submission-input.ts'
import type { SubmissionField, SubmissionProblem } from './submission-problem.ts'

const draftSchema = listingSchema.pick({
  title: true,
  description: true,
  section: true,
  tags: true,
  license: true,
  creator: true,
  language: true,
})

/** What is said of the work, in the form that a listing has it. */
export type SubmissionDraft = Readonly<
  Pick<
    z.infer<typeof listingSchema>,
    'title' | 'description' | 'section' | 'tags' | 'license' | 'creator' | 'language'
  >
>

/** Far above what is allowed: what is longer is not even looked through. */
const maxInputLength = 20_000

/**
 * Reads the fields of a form with the listing's own schema, after white space, line ends, the case of tags and the
 * spelling of the licence were put right. Every problem is told, one a field.
 */
export function readFields(
  input: SubmissionChanges,
): { draft: SubmissionDraft; problems: [] } | { draft: undefined; problems: SubmissionProblem[] } {
  const candidate = {
    title: lineOf(input.title),
    description: textOf(input.description).replace(/\r\n?/g, '\n').trim(),
    section: lineOf(input.section),
    tags: tagsOf(input.tags),
    license: licenseOf(input.license),
    ...optional('creator', lineOf(input.creator)),
    ...optional('language', lineOf(input.language)),
  }
  const { success, data, error } = draftSchema.safeParse(candidate)
  if (success) return { draft: data as SubmissionDraft, problems: [] }
  const problems = new Map<string, SubmissionProblem>()
  for (const { path, message } of error.issues) {
    const field = String(path[0]) as SubmissionField
    if (!problems.has(field)) problems.set(field, { field, message: wordsFor(field, message, candidate) })
  }
  return { draft: undefined, problems: [...problems.values()] }
}

function wordsFor(
  field: SubmissionField,
  message: string,
  { license, tags }: { license: string; tags: unknown },
) {
  if (field === 'section') return `is one of ${sections.join(', ')}`
  if (field === 'license' && license === '') return 'is missing'
  if (field === 'license')
    return 'is no SPDX or Creative Commons identifier, such as CC-BY-4.0; or write: all rights reserved'
  if (field === 'tags' && Array.isArray(tags) && tags.length > maxTags) return `are more than ${maxTags}`
  return message
}

/** One line: what people paste may hold line ends and tabs. */
function lineOf(value: unknown): string {
  return textOf(value).replace(/\s+/g, ' ').trim()
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : ''
  return (text.length > maxInputLength ? text.slice(0, maxInputLength) : text).toWellFormed()
}

function tagsOf(value: SubmissionChanges['tags']): string[] {
  const tags = typeof value === 'string' ? textOf(value).split(/[,;\n]/) : Array.isArray(value) ? value : []
  const read = tags.slice(0, 1_000).map(tag => lineOf(tag).replace(/^#/, '').normalize('NFC').toLowerCase())
  return [...new Set(read.filter(tag => tag !== ''))]
}

function licenseOf(value: unknown): string {
  const text = lineOf(value)
  return text === '' ? '' : (normalizeLicense(text) ?? '?')
}

function optional(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value }
}
