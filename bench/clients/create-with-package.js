// The plain create-torrent package making one torrent: path, piece length, torrent.
import { writeFileSync } from 'node:fs'
import createTorrent from 'create-torrent'

const [path, pieceLength, torrent] = process.argv.slice(2)
createTorrent(path, { pieceLength: Number(pieceLength), announceList: [] }, (error, bytes) => {
  if (error) throw error
  writeFileSync(torrent, bytes)
})
