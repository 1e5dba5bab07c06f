import { chmod, lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { runCommand } from '../../kit/command.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

/** A home whose systemctl only writes down what it is asked. */
async function machine(t: ExecutionContext, systemctl = 'exit 0') {
  const home = await temporaryFolder(t)
  const asked = join(home, 'asked')
  const program = join(home, 'bin', 'systemctl')
  await mkdir(join(home, 'bin'))
  await writeFile(asked, '')
  await writeFile(program, `#!/bin/sh\necho "$@" >> '${asked}'\n${systemctl}\n`)
  await chmod(program, 0o755)
  return {
    variables: { HOME: home, XDG_CONFIG_HOME: '', PATH: `${join(home, 'bin')}:/usr/bin:/bin` },
    unit: join(home, '.config', 'systemd', 'user', 'p2pshare-box.service'),
    asked: () => readFile(asked, 'utf8'),
  }
}

const isLinux = process.platform === 'linux' ? test : test.skip

isLinux('install shows the unit, writes it and has systemd start it; --remove takes it back', async t => {
  const { variables, unit, asked } = await machine(t)
  const installed = await runCommand(t, ['box', 'install'], { variables })
  t.is(installed.exitCode, 0, installed.stderr)
  t.is(installed.stdout, `${unit}\n`)
  t.regex(installed.stderr, /ExecStart=/)
  t.regex(await readFile(unit, 'utf8'), /^ExecStart=.* box start$/m)
  t.is(await asked(), '--user daemon-reload\n--user enable --now p2pshare-box.service\n')
  const removed = await runCommand(t, ['box', 'install', '--remove'], { variables })
  t.is(removed.exitCode, 0, removed.stderr)
  await t.throwsAsync(readFile(unit), { code: 'ENOENT' })
  t.regex(await asked(), /--user disable --now p2pshare-box\.service\n--user daemon-reload\n$/)
})

isLinux('--print prints the unit alone and changes nothing', async t => {
  const { variables, unit, asked } = await machine(t)
  const { exitCode, stdout, stderr } = await runCommand(t, ['box', 'install', '--print'], { variables })
  t.is(exitCode, 0)
  t.is(stderr, '')
  t.regex(stdout, /^\[Service\]$/m)
  t.regex(stdout, /^Environment=.*P2PSHARE_HOME=/m)
  await t.throwsAsync(readFile(unit), { code: 'ENOENT' })
  t.is(await asked(), '')
})

isLinux('whoever says no on the terminal gets nothing written', async t => {
  const { variables, unit } = await machine(t)
  const { exitCode } = await runCommand(t, ['box', 'install'], {
    variables: { ...variables, TERM: 'xterm' },
    typed: 'n\n',
    columns: 80,
  })
  t.is(exitCode, 7)
  await t.throwsAsync(readFile(unit), { code: 'ENOENT' })
})

isLinux('a unit that somebody else wrote is neither written over nor removed', async t => {
  const { variables, unit } = await machine(t)
  await mkdir(join(unit, '..'), { recursive: true })
  await writeFile(unit, '[Service]\nExecStart=/bin/mine\n')
  for (const args of [
    ['box', 'install'],
    ['box', 'install', '--remove'],
  ])
    t.regex((await runCommand(t, args, { variables })).stderr, /ERR_TARGET_EXISTS/)
  t.regex(await readFile(unit, 'utf8'), /mine/)
})

isLinux('what systemctl says against it is told, with 5, and no unit is left', async t => {
  const { variables, unit } = await machine(t, 'echo "Failed to connect to bus" >&2; exit 1')
  const { exitCode, stderr } = await runCommand(t, ['box', 'install'], { variables })
  t.is(exitCode, 5)
  t.regex(stderr, /daemon-reload: Failed to connect to bus/)
  t.regex(stderr, /ERR_SERVICE_MANAGER/)
  await t.throwsAsync(readFile(unit), { code: 'ENOENT' })
})

isLinux('a unit that cannot be replaced by a new one stays as it was', async t => {
  const { variables, unit } = await machine(t, 'exit 1')
  const earlier = '# Written by p2pshare box install\n[Service]\n'
  await mkdir(join(unit, '..'), { recursive: true })
  await writeFile(unit, earlier)
  t.is((await runCommand(t, ['box', 'install'], { variables })).exitCode, 5)
  t.is(await readFile(unit, 'utf8'), earlier)
})

isLinux('--remove takes the unit away also where systemd cannot be told, and says so', async t => {
  const { variables, unit } = await machine(t, 'echo "Failed to connect to bus" >&2; exit 1')
  const enabled = join(unit, '..', 'default.target.wants', 'p2pshare-box.service')
  await mkdir(join(enabled, '..'), { recursive: true })
  await writeFile(unit, '# Written by p2pshare box install\n')
  await symlink(unit, enabled)
  const { exitCode, stderr } = await runCommand(t, ['box', 'install', '--remove'], { variables })
  t.is(exitCode, 0)
  t.regex(stderr, /systemd could not be told: .*Failed to connect to bus\nIf the box runs, p2pshare box stop/)
  for (const path of [unit, enabled]) await t.throwsAsync(lstat(path), { code: 'ENOENT' })
})

isLinux('where there is nothing to remove, that is no fault', async t => {
  const { variables } = await machine(t)
  t.is((await runCommand(t, ['box', 'install', '--remove'], { variables })).exitCode, 0)
})
