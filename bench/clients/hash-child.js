// The built package making a torrent of a folder once its modules are loaded, steered by its parent.
import { createTorrent } from 'p2pshare'
import { serveCommands } from './json-lines.js'

await serveCommands({
  async hash({ path }) {
    const begun = performance.now()
    const { metainfo } = await createTorrent(path)
    return { tookMs: performance.now() - begun, infoHash: metainfo.infoHash }
  },
})
