import { createTorrent } from '../../../src/core/torrent/create.ts'

await createTorrent(process.argv[2]!)
console.log(process.resourceUsage().maxRSS)
