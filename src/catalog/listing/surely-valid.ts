import type { Magnet } from '../../core/index.ts'
import {
  type ListingFields,
  maxDescriptionLength,
  maxPosterBytes,
  maxTags,
  maxTitleLength,
  sections,
} from './fields.ts'

/** Of a magnet link; one of the two is there. */
export type InfoHashes = Pick<Magnet, 'infoHash' | 'infoHashV2'>

type Check = (value: unknown) => boolean

const maxCreatorLength = 200
const maxMagnetLength = 8_192

const plainLine = /^[^\u0000-\u001f\u007f-\u009f]+$/
const plainText = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$/
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/
const date = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/
const tag = /^[a-z0-9à-öø-ÿ](?:[a-z0-9à-öø-ÿ ._+#-]{0,38}[a-z0-9à-öø-ÿ._+#-])?$/
const license = /^[A-Za-z0-9][A-Za-z0-9.+() -]{0,99}$/
const language = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}$/
const knownSections: ReadonlySet<unknown> = new Set(sections)
/** Parameters that cannot make a link unusable, behind info-hashes as they are mostly written. */
const magnet =
  /^magnet:\?xt=urn:(?:btih:([0-9a-f]{40})(?:&xt=urn:btmh:1220([0-9a-f]{64}))?|btmh:1220([0-9a-f]{64}))(?:&(?:dn|tr|ws|xl)=[^&]*)*$/

const isText: (most: number, form: RegExp) => Check = (most, form) => value =>
  typeof value === 'string' && value.length <= most && form.test(value)
const isCount: (least: number, most?: number) => Check =
  (least, most = Number.MAX_SAFE_INTEGER) =>
  value =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
const isLine: (most: number) => Check = most => value =>
  isText(most, plainLine)(value) && (value as string).trim() === value
const isHex: (digits: number) => Check = digits => isText(digits, new RegExp(`^[0-9a-f]{${digits}}$`))
const isTime: Check = value => isText(24, time)(value) && !Number.isNaN(Date.parse(value as string))
const isTag = isText(40, tag)
const isObject: (checks: Readonly<Record<string, Check>>) => Check = checks => {
  const byName = new Map(Object.entries(checks))
  return value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, item]) => byName.get(name)?.(item) === true)
}

const poster = { sha256: isHex(64), sizeBytes: isCount(1, maxPosterBytes), width: isCount(1, 4_096) }
const isPoster = isObject({ ...poster, height: poster.width })

const needed: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['type', value => value === 'p2pshare/listing'],
  ['version', value => value === 1],
  ['publisher', isHex(64)],
  ['nonce', isHex(32)],
  ['revision', isCount(1)],
  ['signature', isHex(128)],
  ['title', isLine(maxTitleLength)],
  ['description', isText(maxDescriptionLength, plainText)],
  ['section', value => knownSections.has(value)],
  [
    'tags',
    value =>
      Array.isArray(value) &&
      value.length <= maxTags &&
      value.every(isTag) &&
      new Set(value).size === value.length,
  ],
  ['license', isText(100, license)],
  ['publishedAt', isTime],
  ['magnet', value => typeof value === 'string'],
  ['sizeBytes', isCount(0)],
  ['fileCount', isCount(1, 100_000)],
])

const optional: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['creator', isLine(maxCreatorLength)],
  ['language', isText(80, language)],
  ['createdAt', value => isText(10, date)(value) || isTime(value)],
  [
    'media',
    isObject({
      durationMs: isCount(0),
      width: isCount(0, 1_000_000),
      height: isCount(0, 1_000_000),
      photoCount: isCount(0, 100_000),
      videoCount: isCount(0, 100_000),
      audioCount: isCount(0, 100_000),
    }),
  ],
  ['poster', value => isPoster(value) && Object.keys(value as object).length === 4],
])

/**
 * Whether this is surely what `listingSchema` allows, found out in a tenth of its time: the info-hashes of its magnet link
 * where it is. What this cannot tell is for the schema to say.
 */
export function surelyValid(value: unknown): (InfoHashes & { readonly fields: ListingFields }) | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  let found = 0
  for (const name of Object.keys(value)) {
    const check = needed.get(name)
    if (check) found++
    if (!(check ?? optional.get(name))?.((value as Record<string, unknown>)[name])) return undefined
  }
  if (found !== needed.size) return undefined
  const fields = value as ListingFields
  const [, infoHash, beside, alone] =
    (fields.magnet.length <= maxMagnetLength && magnet.exec(fields.magnet)) || []
  const infoHashV2 = beside ?? alone
  if (infoHash === undefined && infoHashV2 === undefined) return undefined
  return { fields, ...(infoHash ? { infoHash } : {}), ...(infoHashV2 ? { infoHashV2 } : {}) }
}
