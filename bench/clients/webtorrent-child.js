// The plain webtorrent package with one torrent, steered by its parent; set up as webtorrent-cli does.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import WebTorrent from 'webtorrent'
import { serveCommands } from './json-lines.js'

let client
let added
let done

async function add({ torrent, folder, peers = [] }) {
  added = client.add(await readFile(torrent), { path: folder })
  done = once(added, 'done')
  await once(added, 'infoHash')
  for (const peer of peers) added.addPeer(peer)
}

await serveCommands({
  async start({ uploadBytesPerSecond }) {
    client = new WebTorrent({
      dht: false,
      lsd: false,
      tracker: false,
      utPex: false,
      natUpnp: false,
      natPmp: false,
      utp: false,
      ...(uploadBytesPerSecond && { uploadLimit: uploadBytesPerSecond }),
    })
    await once(client, 'listening')
    return { port: client.torrentPort }
  },
  async seed(parameters) {
    await add(parameters)
    await done
    return {}
  },
  async leech(parameters) {
    await add(parameters)
    return {}
  },
  async connect({ peer }) {
    added.addPeer(peer)
    return {}
  },
  async uploaded() {
    return { bytes: added.uploaded }
  },
  async play() {
    if (!added.ready) await once(added, 'ready')
    const { server } = client.createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { url: `http://127.0.0.1:${server.address().port}${added.files[0].streamURL}` }
  },
  async finished() {
    await done
    return {}
  },
})
