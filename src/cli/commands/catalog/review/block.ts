import { blocking } from '../../../blocking.ts'

export const block = blocking('block', 'blocked', [
  ['p2pshare catalog review block 4f5d…', 'a publisher, by public key: the listings go too'],
  ['p2pshare catalog review block rude@example.org', 'a submitter'],
])
