import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { AbortOptions } from '../abort.ts'
import { kindOf } from './kind.ts'
import { shrink, type ThumbnailOptions } from './thumbnail.ts'

export interface PosterOptions extends ThumbnailOptions {
  /** Where in the film, in milliseconds; where it is shorter, its first frame. @default 1000 */
  atMs?: number
  /** The program that decodes. @default 'ffmpeg' */
  ffmpeg?: string
}

const timeoutMs = 20_000
const maxPictureBytes = 64 * 1024 * 1024

/** ffmpeg's demuxers by kind. Left to choose, it would follow a playlist that is named as a film. */
const demuxers = new Map([
  ['video/mp4', 'mov'],
  ['video/quicktime', 'mov'],
  ['video/x-m4v', 'mov'],
  ['video/3gpp', 'mov'],
  ['video/webm', 'matroska'],
  ['video/x-matroska', 'matroska'],
  ['video/x-msvideo', 'avi'],
  ['video/mp2t', 'mpegts'],
  ['video/mpeg', 'mpeg'],
  ['video/ogg', 'ogg'],
])

/**
 * Makes a small picture of a film as WebP, by the system's ffmpeg. Undefined where there is no ffmpeg, the file is no
 * film that it is trusted with, or no frame comes out of it in 20 s.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`; aborting ends ffmpeg
 */
export async function makePoster(path: string, options: PosterOptions): Promise<Uint8Array | undefined> {
  const { signal, atMs = 1000, ffmpeg = 'ffmpeg' } = options
  const { mime } = await kindOf(path, { signal })
  const demuxer = demuxers.get(mime)
  if (!demuxer) return undefined
  for (const seconds of atMs > 0 ? [atMs / 1000, 0] : [0]) {
    const frame = await readFrame(ffmpeg, demuxer, path, seconds, options)
    if (frame === undefined) return undefined
    if (frame.length > 0) return await shrink(frame, options).catch(() => undefined)
  }
  return undefined
}

/** One frame as PNG; empty where there is none at that time, undefined where ffmpeg cannot be run. */
function readFrame(
  ffmpeg: string,
  demuxer: string,
  path: string,
  seconds: number,
  { signal, maxWidth, maxHeight }: ThumbnailOptions & AbortOptions,
): Promise<Buffer | undefined> {
  const filter = `scale='min(${maxWidth},iw)':'min(${maxHeight},ih)':force_original_aspect_ratio=decrease`
  const input = [
    '-protocol_whitelist',
    'file',
    '-f',
    demuxer,
    '-ss',
    String(seconds),
    '-i',
    `file:${resolve(path)}`,
  ]
  const output = [
    '-map',
    '0:v:0',
    '-frames:v',
    '1',
    '-vf',
    filter,
    '-c:v',
    'png',
    '-f',
    'image2pipe',
    'pipe:1',
  ]
  const args = ['-hide_banner', '-loglevel', 'quiet', '-nostdin', '-threads', '1', ...input, ...output]
  const { promise, resolve: done, reject } = Promise.withResolvers<Buffer | undefined>()
  const child = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'ignore'], shell: false, windowsHide: true })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const onAbort = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  const parts: Buffer[] = []
  let received = 0
  child.stdout.on('data', (part: Buffer) => {
    received += part.length
    if (received > maxPictureBytes) child.kill('SIGKILL')
    else parts.push(part)
  })
  child.on('error', () => done(undefined))
  child.on('close', code => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    if (signal?.aborted) reject(signal.reason)
    else done(code === 0 ? Buffer.concat(parts) : Buffer.alloc(0))
  })
  return promise
}
