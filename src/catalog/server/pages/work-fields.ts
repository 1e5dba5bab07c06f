import { maxDescriptionLength, maxTitleLength, sections } from '../../listing/fields.ts'
import type { SubmissionField, SubmissionProblem } from '../../submission/submission-problem.ts'
import { choiceField, textArea, textField } from './parts/form-fields.ts'
import { licenseChoices } from './parts/licenses.ts'
import { sectionNames } from './parts/listing-card.ts'
import type { Html } from './parts/markup.ts'

/** What was typed, by field. */
export type Typed = Readonly<Partial<Record<SubmissionField, string>>>

const fieldNames: Readonly<Record<SubmissionField, string>> = {
  torrent: '.torrent file',
  magnet: 'magnet link',
  listing: 'signed listing',
  title: 'title',
  description: 'description',
  section: 'section',
  tags: 'tags',
  license: 'licence',
  creator: 'creator',
  language: 'language',
  email: 'e-mail address',
}

/** What is wrong with each field, as a sentence. */
export function problemsByField(problems: readonly SubmissionProblem[]): Typed {
  return Object.fromEntries(
    problems.map(({ field, message }) => [field, `The ${fieldNames[field]} ${message.replace(/\.$/, '')}.`]),
  )
}

/** The fields that say what a work is, for who submits it and for who reviews it. */
export function workFields(
  typed: Typed,
  problems: Typed,
): Record<Exclude<SubmissionField, 'torrent' | 'magnet' | 'listing' | 'email'>, Html> {
  const of = (name: SubmissionField) => ({ name, value: typed[name], problem: problems[name] })
  return {
    title: textField({ ...of('title'), label: 'Title', isRequired: true, maxLength: maxTitleLength }),
    description: textArea({
      ...of('description'),
      label: 'Description',
      hint: 'What it shows or does, and what one should know. Empty lines part paragraphs.',
      maxLength: maxDescriptionLength,
    }),
    section: choiceField({
      ...of('section'),
      label: 'Section',
      isRequired: true,
      choices: sections.map(id => ({ id, name: sectionNames[id] })),
    }),
    tags: textField({
      ...of('tags'),
      label: 'Tags',
      hint: 'With commas between: zoo, animals',
      maxLength: 1_000,
    }),
    license: textField({
      ...of('license'),
      label: 'Licence',
      isRequired: true,
      hint: 'Choose one, or write an SPDX identifier. It says what others may do with it.',
      suggestions: licenseChoices,
      maxLength: 100,
    }),
    creator: textField({ ...of('creator'), label: 'Creator', hint: 'Who made it.', maxLength: 200 }),
    language: textField({
      ...of('language'),
      label: 'Language',
      hint: 'A tag such as en or pt-BR.',
      maxLength: 60,
    }),
  }
}
