import { z } from 'zod'
import type { Section } from '../../catalog/index.ts'
import { kinds, text } from './value-kinds.ts'

const { address, duration, durationUpTo, flag, hours, path, rate, ratio, size, strings, whole } = kinds

const sections = ['video', 'photos', 'music', 'software', 'other'] as const satisfies readonly Section[]

/** What a folder's files are shared with; a file in the folder may say otherwise. */
const sharing = {
  /** Kept where nobody says it, which is told of. */
  location: z.enum(['keep', 'strip']).optional(),
  /** Catalog that they are published to; not published where it is empty. */
  publish: text.default(''),
  section: z.enum(['', ...sections]).default(''),
  tags: strings.default([]),
  /** Looked at where the file is read, with the catalog's code: see `readConfigFile`. */
  license: text.default(''),
}

/** A folder that is watched. */
export const watchedForm = z.strictObject({ path, settle: durationUpTo('7d').default(10_000), ...sharing })

const wanted = {
  sections: z.array(z.enum(sections)).max(sections.length).default([]),
  // Each is a search of its own in each section.
  tags: z.array(text).max(50).default([]),
  words: text.default(''),
  max_size: size.optional(),
}

const followed = z.strictObject({ catalog: text.min(1), ...wanted })
const feed = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  words: text.default(''),
  max_size: size.optional(),
})

const program = z.array(text.max(4_096)).max(100).default([])

/** The whole file. Every table and key may be left out. */
export const boxConfigForm = z.strictObject({
  folders: z
    .strictObject({
      downloads: path.optional(),
      uploads: path.optional(),
      watch: z.array(watchedForm).max(200).default([]),
    })
    .prefault({}),
  server: z
    .strictObject({
      listen: address.default({ host: '127.0.0.1', port: 8_481 }),
      public_url: z
        .union([z.literal(''), z.url({ protocol: /^https?$/ })], {
          error: 'takes an address that begins with http:// or https://, or ""',
        })
        .default(''),
      hosts: strings.default([]),
    })
    .prefault({}),
  network: z
    .strictObject({
      port: whole(0, 65_535).optional(),
      dht: flag.default(true),
      dht_bootstrap: strings.default([]),
      lsd: flag.default(true),
      pex: flag.default(true),
      nat: flag.default(true),
      encryption: z.enum(['prefer', 'require', 'off']).default('prefer'),
      max_peers: whole(1, 10_000).default(55),
      max_connections: whole(1, 100_000).default(500),
    })
    .prefault({}),
  limits: z.strictObject({ upload: rate.optional(), download: rate.optional() }).prefault({}),
  slow: z
    .strictObject({
      hours: z.array(hours).max(100).default([]),
      upload: rate.optional(),
      download: rate.optional(),
    })
    .prefault({}),
  queue: z
    .strictObject({ downloads: whole(0, 100_000).default(5), seeds: whole(0, 1_000_000).default(0) })
    .prefault({}),
  goals: z.strictObject({ ratio: ratio.default(0), seed_time: duration.default(0) }).prefault({}),
  follow: z
    .strictObject({
      quota: size.optional(),
      keep_free: size.default(5_000_000_000),
      max_transfers: whole(0, 1_000_000).default(1_000),
      max_age: duration.default(0),
      every: duration.default(300_000),
      catalogs: z.array(followed).max(200).default([]),
      feeds: z.array(feed).max(200).default([]),
    })
    .prefault({}),
  hooks: z.strictObject({ added: program, done: program }).prefault({}),
})

/** The box's settings, as they are in the file: rates in bytes a second, sizes in bytes, durations in milliseconds, paths absolute. */
export type BoxConfig = z.output<typeof boxConfigForm>
export type WatchedFolder = BoxConfig['folders']['watch'][number]
export type FollowedCatalog = BoxConfig['follow']['catalogs'][number]
export type FollowedFeed = BoxConfig['follow']['feeds'][number]
