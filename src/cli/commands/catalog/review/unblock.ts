import { blocking } from '../../../blocking.ts'

export const unblock = blocking('unblock', 'no longer blocked', [
  ['p2pshare catalog review unblock rude@example.org', 'take from this submitter again'],
])
