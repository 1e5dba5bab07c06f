import { maxTitleLength } from './fields.ts'

/** A title for what a file or folder is called. */
export function titleOfName(name: string, isFile: boolean): string {
  const bare = isFile ? name.replace(/\.[a-z0-9]{1,5}$/i, '') : name
  const words = bare.includes(' ') ? bare.replaceAll('_', ' ') : bare.replaceAll(/[_.]+/g, ' ')
  return words
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxTitleLength)
}
