import { extname } from 'node:path'
import type { MediaKind } from '../../core/index.ts'
import type { Section } from '../listing/fields.ts'

/** How many files of each kind there are, and how large they are together. */
export type KindTotals = Readonly<Record<MediaKind['type'], { fileCount: number; sizeBytes: number }>>

/** A file as it is told by its name alone. */
export interface NamedFile {
  readonly name: string
  readonly sizeBytes: number
}

const sectionsByKind = { video: 'video', photo: 'photos', audio: 'music' } as const

const programs = new Set(
  'apk appimage bat deb dmg exe flatpak img iso jar msi msix pkg rpm run snap whl xpi'.split(' '),
)

/** What a file is going by its name. */
export async function kindByName(name: string): Promise<MediaKind['type']> {
  const { default: mime } = await import('mime')
  const type = mime.getType(name) ?? ''
  if (type.startsWith('image/')) return 'photo'
  if (type.startsWith('video/')) return 'video'
  return type.startsWith('audio/') ? 'audio' : 'other'
}

/** No files yet. */
export function noTotals(): KindTotals {
  const none = () => ({ fileCount: 0, sizeBytes: 0 })
  return { photo: none(), video: none(), audio: none(), other: none() }
}

/** The section that files belong to: what most of their bytes are. */
export function sectionOf(totals: KindTotals, names: Iterable<NamedFile>): Section {
  const sizeOf = (kind: MediaKind['type']) => totals[kind].sizeBytes
  const kinds = ['video', 'photo', 'audio'] as const
  const [first] = [...kinds].sort((one, other) => sizeOf(other) - sizeOf(one))
  if (sizeOf(first!) > sizeOf('other')) return sectionsByKind[first!]
  let programBytes = 0
  for (const { name, sizeBytes } of names)
    if (programs.has(extname(name).slice(1).toLowerCase())) programBytes += sizeBytes
  return programBytes * 2 > sizeOf('other') ? 'software' : 'other'
}

/** The section of files that are known by their names only, as those of a torrent are. */
export async function sectionOfNames(files: readonly NamedFile[]): Promise<Section> {
  const totals = noTotals()
  for (const { name, sizeBytes } of files) {
    const total = totals[await kindByName(name)]
    total.fileCount++
    total.sizeBytes += sizeBytes
  }
  return sectionOf(totals, files)
}
