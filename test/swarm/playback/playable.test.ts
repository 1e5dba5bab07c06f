import test from 'ava'
import { listFiles, type TorrentFile } from '../../../src/core/index.ts'
import { dispositionOf } from '../../../src/swarm/playback/file-name.ts'
import {
  bestPlayable,
  isPlayableType,
  mediaTypeOf,
  playableFiles,
} from '../../../src/swarm/playback/playable.ts'
import { playlistOf } from '../../../src/swarm/playback/playlist.ts'

function filesOf(sizes: Record<string, number>): TorrentFile[] {
  return Object.entries(sizes).map(([path, sizeBytes]) => ({
    path: `trip/${path}`,
    sizeBytes,
    offset: 0,
    isPad: path.startsWith('.pad'),
    isLink: false,
  }))
}

test('the largest video is played, else the largest recording, else the largest picture', async t => {
  const best = async (sizes: Record<string, number>) =>
    (await bestPlayable(listFiles(filesOf(sizes))))?.file.path
  t.is(await best({ 'a.jpg': 90, 'b.mp4': 5, 'c.MKV': 7, 'd.mp3': 80, '.pad/9': 999 }), 'trip/c.MKV')
  t.is(await best({ 'a.jpg': 90, 'd.mp3': 8, 'e.flac': 9 }), 'trip/e.flac')
  t.is(await best({ 'a.jpg': 9, 'b.png': 10, 'big.zip': 999, 'drawn.svg': 99 }), 'trip/b.png')
  t.is(await best({ 'a.txt': 9, 'drawn.svg': 99 }), undefined)
})

test('what may hold programs is not shown by a browser', async t => {
  t.is(await mediaTypeOf({ path: 'a/b.avi' }), 'video/x-msvideo')
  t.is(await mediaTypeOf({ path: 'noend' }), 'application/octet-stream')
  for (const path of ['x.html', 'x.svg', 'x.pdf', 'x.js', 'x.xhtml', 'x.swf', 'noend'])
    t.false(isPlayableType(await mediaTypeOf({ path })), path)
})

test('a playlist has one line a name and one an address, whatever the names hold', async t => {
  const files = filesOf({ 'one.mp4': 1, 'two\nhttp:\u202e evil.mp3': 1, 'notes.txt': 1 })
  const list = playlistOf(await playableFiles(files), ({ index }) => `http://127.0.0.1/${index}`)
  t.is(
    list,
    '#EXTM3U\n#EXTINF:-1,one.mp4\nhttp://127.0.0.1/0\n#EXTINF:-1,two␊http:<U+202E> evil.mp3\nhttp://127.0.0.1/1\n',
  )
})

test('a name in Content-Disposition cannot leave its quotes', t => {
  const header = dispositionOf('attachment', 'Löwe "im"\r\n Gras; x=\'1\'.mp4')
  t.regex(header, /^[\x20-\x7e]+$/)
  t.is(header.split('"').length, 3)
  t.true(header.endsWith("; filename*=UTF-8''L%C3%B6we%20%22im%22%0D%0A%20Gras%3B%20x%3D%271%27.mp4"))
})
