import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { startChild } from './kit/child.ts'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const expected: Record<string, RegExp> = {
  'catalog-site.ts': /the site is at http[\s\S]*1 listing came; found: A day at the zoo/,
  'make-media.ts': /zoo\.avi/,
  'photo-album.ts': /tells where[\s\S]*magnet:\?xt=urn:btih:/,
  'seed-box.ts': /its pages are at http[\s\S]*magnet:\?xt=urn:btih:[\s\S]*number 1, zoo\.avi, is seeding/,
  'share-and-fetch.ts': /magnet:\?xt=urn:btih:[\s\S]*zoo\.avi is here and seeding/,
  'torrent-of-buffers.ts': /the link leads to it[\s\S]*ERR_INVALID_BENCODE/,
}

test('every example is known to the tests', t => {
  const found = readdirSync(folder).filter(name => name.endsWith('.ts'))
  t.deepEqual(found.sort(), Object.keys(expected).sort())
})

for (const [name, output] of Object.entries(expected)) {
  if (name === 'make-media.ts') continue
  test(`the example ${name} does what it says`, async t => {
    const child = startChild(t, process.execPath, [`${folder}${name}`])
    t.is(await child.exited, 0, child.output())
    t.regex(child.output(), output)
  })
}
