import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { runCommand } from '../../../kit/command.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

test('whoami makes a key on first use, and prints the same one ever after', async t => {
  const variables = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const first = await runCommand(t, ['catalog', 'whoami'], { variables })
  t.regex(first.stdout, /^[0-9a-f]{64}\n$/)
  const { events } = await runCommand(t, ['catalog', 'whoami', '--json'], { variables })
  const { publicKey, path } = events()[0]!
  t.is(`${publicKey}\n`, first.stdout)
  t.is((await stat(String(path))).mode & 0o777, 0o600)
  t.false(first.stderr.includes('chmod'))
  await chmod(String(path), 0o644)
  const open = await runCommand(t, ['catalog', 'whoami'], { variables })
  t.true(open.stderr.includes(`chmod 600 ${path}`))
})

test('a key is exported with a passphrase and imported elsewhere', async t => {
  const home = await temporaryFolder(t, 'home')
  const cwd = await temporaryFolder(t, 'cwd')
  const variables = { P2PSHARE_HOME: home, P2PSHARE_PASSPHRASE: 'correct horse' }
  const key = (await runCommand(t, ['catalog', 'whoami'], { variables })).stdout
  const args = ['catalog', 'identity', 'export', '-o', 'key.age']
  const exported = await runCommand(t, args, { cwd, variables })
  t.is(exported.exitCode, 0, exported.stderr)
  t.is((await stat(join(cwd, 'key.age'))).mode & 0o777, 0o600)
  t.false((await readFile(join(cwd, 'key.age'), 'utf8')).includes(key.trim()))
  const again = await runCommand(t, args, { cwd, variables })
  t.true(again.stderr.includes('ERR_TARGET_EXISTS'))

  const there = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  await writeFile(join(cwd, 'words'), 'correct horse\n')
  const take = ['catalog', 'identity', 'import', 'key.age', '--passphrase-file', 'words']
  const imported = await runCommand(t, take, { cwd, variables: there })
  t.is(imported.stdout, key)
  t.is((await runCommand(t, ['catalog', 'whoami'], { variables: there })).stdout, key)
})

test('another key is replaced only with --replace, and is kept beside it', async t => {
  const cwd = await temporaryFolder(t, 'cwd')
  const passphrase = { P2PSHARE_PASSPHRASE: 'correct horse' }
  const exported = await runCommand(t, ['catalog', 'identity', 'export'], { variables: passphrase })
  const variables = { ...passphrase, P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const before = (await runCommand(t, ['catalog', 'whoami'], { variables })).stdout
  const args = ['catalog', 'identity', 'import', '-']
  const options = { cwd, variables, stdin: exported.stdout }
  const refused = await runCommand(t, args, options)
  t.is(refused.exitCode, 5)
  t.true(refused.stderr.includes('ERR_TARGET_EXISTS'))
  t.is((await runCommand(t, ['catalog', 'whoami'], { variables })).stdout, before)
  const { events } = await runCommand(t, [...args, '--replace', '--json'], options)
  const { asidePath, publicKey } = events()[0]!
  t.not(`${publicKey}\n`, before)
  t.is(`${JSON.parse(await readFile(String(asidePath), 'utf8')).publicKey}\n`, before)
})

test('a passphrase is asked for twice without being shown, and never taken from an argument', async t => {
  const variables = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const cwd = await temporaryFolder(t, 'cwd')
  const args = ['catalog', 'identity', 'export', '-o', 'key.age']
  const options = { cwd, variables, columns: 80 }
  const differ = await runCommand(t, args, { ...options, typed: 'correct\rhorse\r' })
  t.is(differ.exitCode, 2)
  t.true(differ.stderr.includes('differ'))
  const same = await runCommand(t, args, { ...options, typed: 'correct\rcorrect\r' })
  t.is(same.exitCode, 0, same.stderr)
  t.false((same.stdout + same.stderr).includes('correct'))
  const argument = await runCommand(t, [...args, '--passphrase', 'correct'], options)
  t.is(argument.exitCode, 2)
  const silent = await runCommand(t, ['catalog', 'identity', 'export'], { variables })
  t.is(silent.exitCode, 2)
  t.true(silent.stderr.includes('P2PSHARE_PASSPHRASE'))
})
