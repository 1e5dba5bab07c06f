// The built package making one torrent, as a program that imports it would: path, piece length, format, torrent.
import { writeFile } from 'node:fs/promises'
import { createTorrent } from 'p2pshare'

const [path, pieceLength, format, torrent] = process.argv.slice(2)
const { bytes } = await createTorrent(path, { pieceLength: Number(pieceLength), format })
await writeFile(torrent, bytes)
