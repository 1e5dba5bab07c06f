import { resolve, sep } from 'node:path'
import { P2pShareError } from './errors.ts'

/** What every common file system takes. */
export const maxNameBytes = 255
const maxExtensionBytes = 32
/** Folders and file together. */
export const maxDepth = 32
const maxPathBytes = 700

const separators = /[/\\]/g
// They are not seen, and turn the direction of what follows or stand for nothing (U+200C and U+200D join emoji).
const invisible = /[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g
const control = /[\u0000-\u001f\u007f-\u009f]/g
// U+FFFD stands for bytes that were not UTF-8.
const forbidden = /[<>:"|?*\ufffd]/g
const trailing = /[. ]+$/
const suspicious =
  /[\u0000-\u001f/\\<>:"|?*\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd]|[. ]$/
const reserved = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i

/**
 * Makes one component of a path out of a name that somebody else chose, the same on every operating system: without
 * separators, invisible characters, trailing dots and spaces, with `_` for what is left empty and for characters that
 * are not allowed or not UTF-8, before names that Windows keeps for devices, and at most 255 bytes long, the extension
 * kept. A clean name comes back as it is.
 *
 * @example
 * cleanName('../con.txt\u0000') // '..con.txt_'
 */
export function cleanName(name: string): string {
  if (isHarmless(name)) return name
  const text = withoutHidden(name).replace(control, '_').replace(forbidden, '_').replace(trailing, '')
  const harmless = reserved.test(text) ? `_${text}` : text
  return shorten(harmless, maxNameBytes) || '_'
}

/**
 * Cleans the components of one path: `.` and `..` are left out, the others cleaned by {@link cleanName}. What lies
 * deeper than 32 components, or makes the path longer than 700 bytes, loses the folders above the file.
 *
 * @returns at least one component
 */
export function cleanPath(components: readonly string[]): string[] {
  const path: string[] = []
  for (const component of components.slice(0, maxDepth - 1)) append(path, component)
  for (const component of components.slice(maxDepth - 1).slice(-1)) append(path, component)
  let bytes = path.reduce((sum, component) => sum + Buffer.byteLength(component) + 1, 0)
  while (bytes > maxPathBytes) {
    const [dropped = ''] = path.splice(-2, 1)
    bytes -= Buffer.byteLength(dropped) + 1
  }
  return path.length > 0 ? path : ['_']
}

/**
 * The absolute path of a clean relative one below `root`.
 *
 * @throws {P2pShareError} `ERR_UNSAFE_PATH` where it could lead anywhere else
 */
export function joinInside(root: string, safePath: string): string {
  const base = resolve(root)
  const path = resolve(base, safePath)
  const isClean = safePath.split('/').every(component => component === cleanName(component))
  if (!isClean || !path.startsWith(base.endsWith(sep) ? base : base + sep))
    throw new P2pShareError('ERR_UNSAFE_PATH', `${visibleName(safePath)} is not a safe path below ${base}`)
  return path
}

/**
 * A name as it can be printed on a terminal: control characters as their symbols, what is invisible or turns the
 * direction of writing as its code point.
 *
 * @example
 * visibleName('a\u001b[2J\u202egpj.exe') // 'a␛[2J<U+202E>gpj.exe'
 */
export function visibleName(name: string): string {
  return name
    .toWellFormed()
    .replace(/[\u0000-\u001f]/g, character => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(control, codePoint)
    .replace(invisible, codePoint)
}

function codePoint(character: string): string {
  return `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Names that need no cleaning, which nearly all are, told by two looks. A character takes three bytes at most. */
function isHarmless(name: string): boolean {
  const isShort = name.length > 0 && name.length * 3 <= maxNameBytes
  return isShort && !suspicious.test(name) && !reserved.test(name) && name.isWellFormed()
}

function append(path: string[], component: string): void {
  const isDots = component.length < 100 && /^\.{1,2}$/.test(withoutHidden(component))
  if (!isDots) path.push(cleanName(component))
}

function withoutHidden(name: string): string {
  return name.toWellFormed().replace(separators, '').replace(invisible, '')
}

/** Cuts a name between characters to so many bytes, keeping an extension of up to 32 bytes. */
export function shorten(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const [stem, extension] = splitExtension(name)
  const bytes = Buffer.from(stem)
  let end = maxBytes - Buffer.byteLength(extension)
  while ((bytes[end]! & 0xc0) === 0x80) end--
  const cut = bytes.toString('utf8', 0, end)
  return extension ? cut + extension : cut.replace(trailing, '')
}

/** A name without its extension of up to 32 bytes, and that extension with its dot, empty where there is none. */
export function splitExtension(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot)
  return dot > 0 && Buffer.byteLength(extension) <= maxExtensionBytes
    ? [name.slice(0, dot), extension]
    : [name, '']
}
