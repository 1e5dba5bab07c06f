import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { lastingProgram } from '../../../src/cli/service/lasting-program.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('a checkout that npx links into its cache is named by its own place, not by the link', async t => {
  const folder = await temporaryFolder(t)
  const bin = join(folder, '_npx', '8d0e', 'node_modules', '.bin')
  const script = join(folder, 'checkout', 'p2pshare.js')
  await mkdir(bin, { recursive: true })
  await mkdir(join(script, '..'))
  await writeFile(script, '')
  await symlink(script, join(bin, 'p2pshare'))
  t.deepEqual(await lastingProgram(['/usr/bin/node', join(bin, 'p2pshare')]), {
    program: ['/usr/bin/node', script],
    isFleeting: false,
  })
})

test('what lies in the cache of npx itself is called fleeting', async t => {
  const folder = await temporaryFolder(t)
  const script = join(folder, '_npx', '8d0e', 'p2pshare.js')
  await mkdir(join(script, '..'), { recursive: true })
  await writeFile(script, '')
  t.deepEqual(await lastingProgram(['/usr/bin/node', script]), {
    program: ['/usr/bin/node', script],
    isFleeting: true,
  })
})

test('a link that is not of npx stays, for an upgrade leads it to what is new', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'p2pshare-1.js'), '')
  await symlink(join(folder, 'p2pshare-1.js'), join(folder, 'p2pshare'))
  const { program } = await lastingProgram(['/usr/bin/node', join(folder, 'p2pshare')])
  t.is(program[1], join(folder, 'p2pshare'))
})
