import test from 'ava'
import fc from 'fast-check'
import { listingSchema } from '../../../src/catalog/listing/fields.ts'
import { hintOfEmailAddress, readEmailAddress } from '../../../src/catalog/submission/email-address.ts'
import { readFields } from '../../../src/catalog/submission/read-fields.ts'
import { readWork } from '../../../src/catalog/submission/read-work.ts'
import type { SubmissionChanges } from '../../../src/catalog/submission/submission-input.ts'
import { magnetLink } from '../../../src/core/index.ts'

const infoHash = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', ' ', 'video', 'MIT', 'en', '__proto__', '\u0000', '\ud800', 'a'.repeat(30_000)),
)

test('whatever a form holds, it becomes fields that can be signed or problems with them', t => {
  const { title, description, section, tags, license, creator, language } = listingSchema.shape
  const form = fc.record(
    {
      title: anything,
      description: anything,
      section: anything,
      tags: fc.oneof(anything, fc.array(anything, { maxLength: 30 })),
      license: anything,
      creator: anything,
      language: anything,
    },
    { requiredKeys: [] },
  )
  const property = fc.property(form, input => {
    const { draft, problems } = readFields(input as SubmissionChanges)
    if (!draft) return t.true(problems.length > 0 && problems.every(({ message }) => message.length < 200))
    const shapes = { title, description, section, tags, license, creator, language }
    for (const [name, shape] of Object.entries(shapes))
      t.true(shape.safeParse(draft[name as keyof typeof draft]).success)
    return t.deepEqual(readFields(draft).draft, draft)
  })
  t.notThrows(() => fc.assert(property))
})

test('what is no text at all is told, not fallen over', t => {
  const odd = {
    title: 7,
    tags: [null, {}, ['x']],
    license: {},
    section: undefined,
  } as unknown as SubmissionChanges
  t.deepEqual(
    readFields(odd)
      .problems.map(({ field }) => field)
      .sort(),
    ['license', 'section', 'title'],
  )
})

test('whatever is given as the work, it is read or one problem is told', t => {
  const property = fc.property(
    fc.record(
      { magnet: anything, listing: anything, torrent: fc.uint8Array({ maxLength: 200 }) },
      { requiredKeys: [] },
    ),
    input => {
      const { work, problem } = readWork({ email: '', ...input })
      t.true((work === undefined) !== (problem === undefined))
    },
  )
  t.notThrows(() => fc.assert(property))
})

test('a magnet link keeps its trackers as far as they find room, and no addresses of peers', t => {
  const trackers = Array.from(
    { length: 100 },
    (_, index) => `https://tracker${index}.example.org/${'a'.repeat(200)}`,
  )
  const link = magnetLink({ infoHash, name: 'zoo.avi', trackers }, { peers: ['192.0.2.1:6881'] })
  const { work } = readWork({ magnet: link, email: '' })
  t.true(listingSchema.shape.magnet.safeParse(work?.magnet).success)
  t.regex(work!.magnet, /tracker0\./)
  t.notRegex(work!.magnet, /192\.0\.2\.1/)
  t.is(readWork({ magnet: infoHash.toUpperCase(), email: '' }).work?.infoHash, infoHash)
})

test('of a .torrent, a magnet link and a listing exactly one is taken', t => {
  t.is(readWork({ email: '' }).problem?.field, 'magnet')
  t.is(
    readWork({ magnet: `magnet:?xt=urn:btih:${infoHash}`, torrent: Buffer.from('d'), email: '' }).problem
      ?.field,
    'torrent',
  )
  t.is(readWork({ torrent: new Uint8Array(10_000_001), email: '' }).problem?.field, 'torrent')
})

test('an e-mail address is one that servers take, and ends no header', t => {
  t.is(readEmailAddress(' Maker.Of+clips@Example.ORG '), 'Maker.Of+clips@example.org')
  t.is(readEmailAddress('maker@zoo.bücher.example'), 'maker@zoo.xn--bcher-kva.example')
  const wrong = [
    '',
    'a',
    '@b.c',
    'a@',
    'a@b',
    'a@b..c',
    'a@-b.c',
    'a b@c.d',
    'a@b.c\r\nBcc: x@y.z',
    '"a b"@c.d',
    'a,b@c.d',
    '<a@b.c>',
  ]
  for (const text of [
    ...wrong,
    'a@127.0.0.1',
    'a@[::1]',
    `${'a'.repeat(65)}@b.cd`,
    `a@${'b.'.repeat(130)}cd`,
    '.a@b.cd',
    'a..b@c.de',
  ])
    t.is(readEmailAddress(text), undefined, text)
  t.is(hintOfEmailAddress('maker@example.org'), 'm…@example.org')
  const property = fc.property(fc.oneof(anything, fc.emailAddress()), text => {
    const address = readEmailAddress(text)
    if (address === undefined) return
    t.regex(address, /^[^\s<>,;:"()[\]\\@]+@[a-z0-9.-]+$/)
    t.true(address.length <= 254)
    t.is(readEmailAddress(address), address)
  })
  t.notThrows(() => fc.assert(property))
})
