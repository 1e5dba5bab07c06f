import { cleanName, type TorrentFile } from '../../core/index.ts'

/** The bare name of a file. */
export function nameOf({ path }: Pick<TorrentFile, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `Content-Disposition` with the file's name, for readers that know only ASCII too (RFC 6266). */
export function dispositionOf(kind: 'inline' | 'attachment', name: string): string {
  const plain = cleanName(name).replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encodeName(name)}`
}

/** A name as it can stand in a path and in RFC 8187's extended notation alike. */
export function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*!]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
