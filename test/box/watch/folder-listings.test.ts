import test from 'ava'
import { FolderListings, type FolderListingsInit } from '../../../src/box/watch/folder-listings.ts'
import type { Rules } from '../../../src/box/watch/folder-rules.ts'
import type { Found } from '../../../src/box/watch/found.ts'
import { listedAs } from '../../../src/box/watch/listing.ts'
import type { Seen } from '../../../src/box/watch/seen.ts'

const publishing: Rules = {
  ...{ location: 'keep', publish: 'My catalog', section: '', tags: [], license: '', ignore: false },
}
const found = {} as Found
const shared: Seen = {
  ...{
    path: '/zoo/lions.avi',
    folder: '/zoo',
    kind: 'clip',
    infoHash: 'a'.repeat(40),
    stamp: '',
    identity: '',
  },
  ...{ madeWith: '', listedAs: '', isElsewhere: false },
}
const listed = { ...shared, listedAs: listedAs(shared, publishing, 'the listing') }

/** Listings of one folder whose rules have a second to say so, and what they began. */
function folder() {
  const begun: string[] = []
  const listings = new FolderListings({
    waitMs: () => 1_000,
    begin: (_: string, word: string) => begun.push(word.split(' ', 1)[0]!),
    sharing: { itemOf: () => ({ transfer: { metainfo: {} } }) },
  } as unknown as FolderListingsInit)
  return {
    begun,
    tend: (seen: Seen, publish: string, nowMs: number) =>
      listings.tend(seen, found, { ...publishing, publish }, nowMs),
  }
}

test('a file of rules that is away for a moment, as editors do it, withdraws nothing', t => {
  const { begun, tend } = folder()
  tend(listed, '', 0)
  tend(listed, 'My catalog', 500)
  tend(listed, '', 900)
  tend(listed, '', 1_800)
  t.deepEqual(begun, [])
  tend(listed, '', 1_900)
  t.deepEqual(begun, ['withdraw'])
})

test('what is not listed, or by other rules, is listed; what is listed by these is left alone', t => {
  const { begun, tend } = folder()
  tend(listed, 'My catalog', 0)
  tend(shared, '', 0)
  tend({ ...shared, kind: 'link' }, 'My catalog', 0)
  t.deepEqual(begun, [])
  tend(shared, 'My catalog', 0)
  tend(listed, 'Another catalog', 0)
  t.deepEqual(begun, ['list', 'list'])
})
