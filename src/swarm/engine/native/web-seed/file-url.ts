import { type Metainfo, writtenPaths } from '../../../../core/index.ts'

const knownPaths = new WeakMap<Metainfo, readonly (readonly string[])[]>()

/**
 * Where a web seed has a file (BEP 19): the URL is the file's own, or with a slash at its end, or for an album, that of the folder
 * that holds it. The server has the file under the name that the torrent writes, which is not always the one it is saved under.
 */
export function fileUrl(url: string, metainfo: Metainfo, index: number): string {
  if (!metainfo.isAlbum && !url.endsWith('/')) return url
  let paths = knownPaths.get(metainfo)
  if (!paths) {
    paths = writtenPaths(metainfo)
    knownPaths.set(metainfo, paths)
  }
  const written = paths[index]!
  // A URL with such parts leads elsewhere on the server.
  const isPlain = written.every(part => part !== '' && part !== '.' && part !== '..')
  const path = isPlain ? written : metainfo.files[index]!.path.split('/')
  return `${url}${url.endsWith('/') ? '' : '/'}${path.map(encoded).join('/')}`
}

function encoded(part: string): string {
  return encodeURIComponent(part.toWellFormed())
}
