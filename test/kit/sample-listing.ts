import type { ListingDraft } from '../../src/catalog/listing/fields.ts'

/** A listing as a maker fills it in. */
export function sampleDraft(changes: Partial<ListingDraft> = {}): ListingDraft {
  return {
    title: 'Lions at the zoo',
    description: 'A morning at the zoo.\n\nThe lions were awake.',
    section: 'video',
    tags: ['zoo', 'animals'],
    license: 'CC-BY-4.0',
    magnet: 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=zoo.avi',
    sizeBytes: 123_456_789,
    fileCount: 1,
    ...changes,
  }
}

/** A magnet link of an info-hash that is the same for the same number, and another for each. */
export function sampleMagnet(number: number): string {
  return `magnet:?xt=urn:btih:${number.toString(16).padStart(40, '0')}`
}
