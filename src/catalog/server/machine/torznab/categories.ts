import { type Section, sections } from '../../../listing/fields.ts'

/** A category of Newznab's list, or one of our own from 100000 on. */
export interface Category {
  readonly id: number
  readonly name: string
}

const movies = { id: 2000, name: 'Movies' }
const audio = { id: 3000, name: 'Audio' }
const computer = { id: 4000, name: 'PC' }
const television = { id: 5000, name: 'TV' }
const other = { id: 8000, name: 'Other' }

/** What a section is among the standard categories. Nobody says whether a clip is a film, so video is both. */
const standard: Readonly<Record<Section, readonly Category[]>> = {
  video: [movies, television],
  photos: [other],
  music: [audio],
  software: [computer],
  other: [other],
}

/** Our sections as they are, each a category of its own. */
const own: Readonly<Record<Section, Category>> = {
  video: { id: 100_001, name: 'Video' },
  photos: { id: 100_002, name: 'Photos' },
  music: { id: 100_003, name: 'Music' },
  software: { id: 100_004, name: 'Software' },
  other: { id: 100_005, name: 'Other, not photos' },
}

/** Every category, by its number. */
export const categories: readonly Category[] = [
  ...new Set([...sections.flatMap(section => standard[section]), ...sections.map(section => own[section])]),
].sort((one, another) => one.id - another.id)

/** The numbers of the categories that a section is in. */
export function categoriesOf(section: Section): readonly number[] {
  return [...standard[section], own[section]].map(({ id }) => id)
}

/** The sections that categories lead to; a sub-category (2040) leads where its category (2000) does. */
export function sectionsOf(ids: readonly number[]): readonly Section[] {
  const whole = new Set(ids.map(id => (id < 100_000 ? Math.floor(id / 1_000) * 1_000 : id)))
  return sections.filter(section => categoriesOf(section).some(id => whole.has(id)))
}
