import { execFile, execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { startBox } from '../../../kit/box.ts'
import { requireThat, systemPython } from '../../../kit/external.ts'
import { writeSampleAlbum } from '../../../kit/sample-files.ts'
import { startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

/** What a script for Debian's python3-transmissionrpc does with a box: each step prints what it found. */
const script = `
import base64, json, sys, warnings
warnings.simplefilter('ignore')
import transmissionrpc
port, password, path, folder = sys.argv[1:]
client = transmissionrpc.Client('127.0.0.1', port=int(port), user='p2pshare', password=password)
found = {'rpc': client.rpc_version, 'session': client.get_session().download_dir}
metainfo = base64.b64encode(open(path, 'rb').read()).decode()
added = client.add_torrent(metainfo, paused=True, download_dir=folder, files_unwanted=[1, 2], priority_high=[0])
found['again'] = client.add_torrent(metainfo).id == added.id
torrent = client.get_torrent(added.id)
found['first'] = [torrent.status, torrent.name, torrent.progress, torrent.format_eta(), len(torrent.files())]
client.set_files({torrent.id: {0: {'selected': False, 'priority': 'low'}, 1: {'selected': True, 'priority': 'high'}}})
torrent.update()
files = torrent.files()
found['files'] = [[files[index]['selected'], files[index]['priority']] for index in (1, 2, 3)]
torrent.download_limit = 100
torrent.seed_idle_limit = 10
torrent.seed_idle_mode = 'single'
torrent.seed_ratio_limit = 1.5
torrent.seed_ratio_mode = 'single'
torrent.update()
found['limits'] = [torrent.download_limit, torrent.seed_idle_limit, torrent.seed_ratio_limit]
def refusal(work):
    try: work()
    except transmissionrpc.TransmissionError as error: return str(error)
found['refused'] = refusal(lambda: client.rename_torrent_path(torrent.id, 'album', 'other'))
torrent.start()
torrent.stop()
torrent.update()
found['held'] = torrent.status
client.queue_top(torrent.id)
client.set_session(speed_limit_up=100, speed_limit_up_enabled=True)
found['speed'] = client.get_session().speed_limit_up
client.remove_torrent(torrent.id, delete_data=True)
found['left'] = len(client.get_torrents())
print(json.dumps(found))
`

function hasClient(): boolean {
  try {
    execFileSync(systemPython, ['-W', 'ignore', '-c', 'import transmissionrpc'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test("Debian's client for Python steers a box", async t => {
  if (!requireThat(t, hasClient(), 'python3-transmissionrpc is not installed')) return
  const home = await temporaryFolder(t)
  const swarm = await startSwarm(t)
  const seed = await swarm.seed(await writeSampleAlbum(join(home, 'album')), { pieceLength: 32_768 })
  const torrent = join(home, 'it.torrent')
  await writeFile(torrent, seed.metainfo!.bytes)
  const folder = await temporaryFolder(t)
  const { box } = await startBox(t, { settings: `[folders]\ndownloads = "${folder}"\n` })
  const args = ['-c', script, new URL(box.url).port, box.token.value, torrent, join(folder, 'own')]
  const { stdout } = await promisify(execFile)(systemPython, args)
  t.like(JSON.parse(stdout), {
    ...{ rpc: 18, session: folder, again: true, left: 0, held: 'stopped', speed: 100 },
    first: ['stopped', 'album', 0, 'unknown', 6],
    files: [
      [true, 'high'],
      [false, 'normal'],
      [true, 'normal'],
    ],
    limits: [100, 10, 1.5],
  })
  t.regex(stdout, /files keep the names/)
})
