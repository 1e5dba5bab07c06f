const litterNames = new Set([
  '.ds_store',
  '.appledouble',
  '.lsoverride',
  '.fseventsd',
  '.trashes',
  'icon\r',
  '__macosx',
  'thumbs.db',
  'thumbs.db:encryptable',
  'ehthumbs.db',
  'ehthumbs_vista.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  '.directory',
  'lost+found',
  '@eadir',
  'npm-debug.log',
])

const litterPrefixes = ['._', '.spotlight-v100', '.trash-', '.nfs', '.fuse_hidden']
const litterSuffixes = ['~', '.swp']

/**
 * Whether a file or folder of this name is left behind by an operating system, a file manager or an editor, and is
 * nobody's picture. Covers what create-torrent leaves out, so that both make the same torrent of a folder.
 */
export function isLitter(name: string): boolean {
  const lower = name.toLowerCase()
  return (
    litterNames.has(lower) ||
    litterPrefixes.some(prefix => lower.startsWith(prefix)) ||
    litterSuffixes.some(suffix => lower.endsWith(suffix))
  )
}
