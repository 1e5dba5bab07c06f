import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { BoxClient } from '../../../src/box/index.ts'
import { listen } from '../../../src/http/index.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('what a killed box left behind leads nobody to another server with the token', async t => {
  const home = await temporaryFolder(t, 'home')
  const asked: string[] = []
  const server = await listen(request => new Response(asked.push(request.url) ? 'mine' : ''), { port: 0 })
  t.teardown(() => server.close())
  await mkdir(join(home, 'state'))
  await writeFile(join(home, 'api-token'), 'abcdefghijklmnopqrstuvwxyz\n')
  // The number of its process is that of another one by now.
  await writeFile(join(home, 'state', 'box.json'), JSON.stringify({ url: server.url, pid: process.pid }))
  await t.throwsAsync(
    BoxClient.find(home).then(box => box.status()),
    { code: 'ERR_NO_BOX' },
  )
  t.deepEqual(asked, [])
})
