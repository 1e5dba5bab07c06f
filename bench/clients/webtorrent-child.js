// The plain webtorrent package with one torrent, steered by its parent; set up as webtorrent-cli does.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import WebTorrent from 'webtorrent'
import { serveCommands } from './json-lines.ts'

const client = new WebTorrent({
  dht: false,
  lsd: false,
  tracker: false,
  utPex: false,
  natUpnp: false,
  natPmp: false,
  utp: false,
})
const listening = once(client, 'listening')
let done

async function add({ torrent, folder, peers = [] }) {
  const added = client.add(await readFile(torrent), { path: folder })
  done = once(added, 'done')
  await once(added, 'infoHash')
  for (const peer of peers) added.addPeer(peer)
  return added
}

await serveCommands({
  async start() {
    await listening
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
  async finished() {
    await done
    return {}
  },
})
