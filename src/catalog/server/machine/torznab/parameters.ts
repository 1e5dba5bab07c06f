import type { Section } from '../../../listing/fields.ts'
import { defaultLimit, maxLimit, type searchParameters } from './caps.ts'
import { sectionsOf } from './categories.ts'
import { TorznabError } from './torznab-error.ts'

export type SearchFunction = keyof typeof searchParameters

/** A search as Torznab asks for it. */
export interface TorznabSearch {
  readonly text: string
  /** Empty where the categories lead nowhere; `undefined` for all. */
  readonly sections: readonly Section[] | undefined
  readonly limit: number
  readonly offset: number
}

const maxTextLength = 1_000
const maxOffset = 10_000
const ofFunction: Readonly<Record<SearchFunction, readonly Section[] | undefined>> = {
  search: undefined,
  tvsearch: ['video'],
  movie: ['video'],
  music: ['music'],
}
/** Numbers of films and series elsewhere: a listing has none, so that what asks by them finds nothing. */
const foreignIds = ['rid', 'tvdbid', 'tvmazeid', 'traktid', 'imdbid', 'tmdbid', 'doubanid']

/**
 * Reads the parameters of a search; `undefined` where nothing can be found by them.
 *
 * @throws {TorznabError} 201
 */
export function readSearch(
  name: SearchFunction,
  query: Readonly<Record<string, string>>,
): TorznabSearch | undefined {
  if (query.o !== undefined && query.o !== 'xml') throw new TorznabError(201, 'o takes xml only')
  if (foreignIds.some(key => query[key])) return undefined
  const sections = sectionsAsked(name, query.cat)
  if (sections?.length === 0) return undefined
  const words = [query.q, ...(name === 'music' ? [query.artist, query.album] : []), episode(name, query)]
  const text = words.filter(Boolean).join(' ').trim()
  if (text.length > maxTextLength) throw new TorznabError(201, `q takes ${maxTextLength} characters`)
  return {
    text,
    sections,
    limit: Math.min(count(query.limit, 'limit', defaultLimit), maxLimit),
    offset: Math.min(count(query.offset, 'offset', 0), maxOffset),
  }
}

function sectionsAsked(name: SearchFunction, cat: string | undefined): readonly Section[] | undefined {
  const within = ofFunction[name]
  if (!cat) return within
  if (!/^\d{1,9}(?:,\d{1,9}){0,99}$/.test(cat)) throw new TorznabError(201, 'cat takes numbers with commas')
  const asked = sectionsOf(cat.split(',').map(Number))
  return within ? asked.filter(section => within.includes(section)) : asked
}

/** Season and episode as titles write them: `S01E02`; of a daily programme, its date. */
function episode(name: SearchFunction, { season, ep }: Readonly<Record<string, string>>): string | undefined {
  if (name !== 'tvsearch' || !season) return undefined
  const [, digits] = /^S?(\d{1,4})$/i.exec(season) ?? []
  if (!digits) throw new TorznabError(201, 'season takes a number')
  const [, month, day] = /^(\d\d?)\/(\d\d?)$/.exec(ep ?? '') ?? []
  if (month && day) return [digits, month.padStart(2, '0'), day.padStart(2, '0')].join(' ')
  const [, number] = /^E?(\d{1,4})$/i.exec(ep ?? '') ?? []
  if (ep && !number) throw new TorznabError(201, 'ep takes a number or month/day')
  const start = `S${digits.padStart(2, '0')}`
  return number ? `${start}E${number.padStart(2, '0')}` : `${start}*`
}

function count(text: string | undefined, name: string, whenAbsent: number): number {
  if (!text) return whenAbsent
  if (!/^\d{1,9}$/.test(text)) throw new TorznabError(201, `${name} takes a number`)
  return Number(text)
}
