import test from 'ava'
import { readConfig } from '../../../src/box/config/read-config.ts'
import { maxSizeOf, maxSizesOf } from '../../../src/box/follow/max-size.ts'
import type { Source } from '../../../src/box/follow/offer.ts'

const rss = 'https://zoo.example.org/rss'
const { follow } = readConfig(
  `
[[follow.feeds]]
url = "${rss}"
words = "lions"
max_size = 100
[[follow.feeds]]
url = "${rss}"
words = "tigers"
max_size = 300
[[follow.feeds]]
url = "https://zoo.example.org/all"
[[follow.catalogs]]
catalog = "Zoo"
max_size = 50
[[follow.catalogs]]
catalog = "Park"
max_size = 70
`,
  'box.toml',
)
const source = (origin: string | undefined, maxSizeBytes?: number) => ({ origin, maxSizeBytes }) as Source

test('the max_size of a feed holds before the feed was looked at', t => {
  t.is(maxSizeOf(`feed:${rss}`, follow, new Map()), 300)
  t.is(maxSizeOf('feed:https://zoo.example.org/all', follow, new Map()), Number.POSITIVE_INFINITY)
  t.is(maxSizeOf('feed:https://elsewhere.example.org/', follow, new Map()), undefined)
})

test('before a catalog was found what the most generous one allows holds, and then its own max_size', t => {
  t.is(maxSizeOf('catalog:a', follow, new Map()), 70)
  const found = maxSizesOf([
    source('catalog:a', 50),
    source('catalog:a', 60),
    source('catalog:b'),
    source(undefined, 1),
  ])
  t.is(maxSizeOf('catalog:a', follow, found), 60)
  t.is(maxSizeOf('catalog:b', follow, found), Number.POSITIVE_INFINITY)
  t.is(maxSizeOf('catalog:a', { ...follow, catalogs: [] }, new Map()), undefined)
})
