import type { P2pShareError } from '../../core/index.ts'
import type { ResumeFolder, ResumeRecord } from '../store/resume.ts'

/** What the content of a download is opened with, beside where it is. */
export interface DownloadContentInit {
  readonly resume: ResumeFolder
  readonly lockFolder: string
  readonly wantedFiles: readonly number[]
  readonly onLost: (error: P2pShareError) => void
  /** What an earlier run remembered, where all of it is gone and is to come back. */
  readonly awaited?: (ResumeRecord & { readonly isTrusted: boolean }) | undefined
}
