import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { startCommand } from '../../kit/command.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

test('a box that systemd has started tells it when it is up', async t => {
  const folder = await temporaryFolder(t)
  const [program, told] = [join(folder, 'bin', 'systemd-notify'), join(folder, 'told')]
  await mkdir(join(folder, 'bin'))
  await writeFile(program, `#!/bin/sh\necho "$@" "$NOTIFY_SOCKET" > '${told}'\n`)
  await chmod(program, 0o755)
  const variables = { NOTIFY_SOCKET: '/run/notify', PATH: `${join(folder, 'bin')}:/usr/bin:/bin` }
  const box = await startCommand(t, ['box', 'start', '--listen', '127.0.0.1:0', '--json'], { variables })
  await box.event('listening')
  const text = await waitUntil('it is told', () => readFile(told, 'utf8').catch(() => false))
  t.is(text, '--ready /run/notify\n')
})
