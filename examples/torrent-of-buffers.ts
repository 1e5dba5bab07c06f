// Makes a torrent of what is in memory, and reads it back.
//
//   node examples/torrent-of-buffers.ts > letter.torrent
import { createTorrent, magnetLink, P2pShareError, readMagnet, readTorrent } from 'p2pshare'

const { bytes, metainfo } = await createTorrent(
  [
    { name: 'letter.txt', content: Buffer.from('Dear all, here are the photos.') },
    { name: 'list.txt', content: new Blob(['lion\n', 'okapi\n']) },
  ],
  { name: 'Letter', comment: 'made by an example' },
)

const read = await readTorrent(bytes)
for (const { path, sizeBytes } of read.files) console.error(`${path}  ${sizeBytes} bytes`)
console.error(
  readMagnet(magnetLink(metainfo)).infoHash === read.infoHash ? 'the link leads to it' : 'something is wrong',
)

try {
  await readTorrent(bytes.subarray(0, 20))
} catch (error) {
  if (error instanceof P2pShareError) console.error(`${error.code}: ${error.message}`)
}

process.stdout.write(bytes)
