import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { mainInfoHash, P2pShareError } from '../../src/core/index.ts'
import { openDownload } from '../../src/swarm/open-download.ts'
import { ResumeFolder } from '../../src/swarm/store/resume.ts'
import { makeTorrent } from '../kit/made-torrent.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const metainfo = makeTorrent('clip.avi', Buffer.alloc(40_000, 7), 16_384)
const infoHash = mainInfoHash(metainfo)

class FullDisk extends ResumeFolder {
  override async saveTorrent(): Promise<void> {
    throw new P2pShareError('ERR_DISK_FULL', 'No room left')
  }
}

test('a download whose .torrent cannot be kept is not opened, and may be tried again', async t => {
  const home = await temporaryFolder(t)
  const open = (resume: ResumeFolder) =>
    openDownload(metainfo, infoHash, {
      options: { out: join(home, 'out') },
      magnet: undefined,
      resume,
      lockFolder: join(home, 'locks'),
      onLost: () => {},
      signal: new AbortController().signal,
    })
  await t.throwsAsync(open(new FullDisk(join(home, 'resume'))), { code: 'ERR_DISK_FULL' })
  const content = await open(new ResumeFolder(join(home, 'resume')))
  t.teardown(() => content.close())
  t.is(content.path, join(home, 'out', 'clip.avi'))
  t.deepEqual(await readFile(join(home, 'resume', `${infoHash}.torrent`)), Buffer.from(metainfo.bytes))
})
