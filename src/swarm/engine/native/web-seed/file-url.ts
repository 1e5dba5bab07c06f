import type { Metainfo } from '../../../../core/index.ts'

/**
 * Where a web seed has a file (BEP 19): the URL is the file's own, or with a slash at its end, or for an album, that of the folder
 * that holds it.
 */
export function fileUrl(url: string, { isAlbum }: Pick<Metainfo, 'isAlbum'>, path: string): string {
  if (!isAlbum && !url.endsWith('/')) return url
  return `${url}${url.endsWith('/') ? '' : '/'}${path.split('/').map(encodeURIComponent).join('/')}`
}
