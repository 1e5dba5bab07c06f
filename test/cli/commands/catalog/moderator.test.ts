import { join } from 'node:path'
import test from 'ava'
import { runCommand } from '../../../kit/command.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

test('a moderator is added with a token that is shown once, listed, and removed', async t => {
  const db = join(await temporaryFolder(t), 'site.db')
  const moderator = (...args: string[]) => runCommand(t, ['catalog', 'moderator', ...args, '--db', db])
  t.regex((await moderator('ls')).stderr, /^Nobody yet/)
  const { stdout: token, exitCode } = await moderator('add', 'Ada')
  t.is(exitCode, 0)
  t.regex(token, /^[\w-]{43}\n$/)
  const listed = await moderator('ls', '--json')
  t.like(listed.events()[0], { event: 'moderator', name: 'Ada' })
  t.false(listed.stdout.includes(token.trim()))
  t.regex((await moderator()).stdout, /Ada +\d{4}-\d\d-\d\d +never/)
  const twice = await moderator('add', 'Ada')
  t.is(twice.exitCode, 2)
  t.is((await moderator('rm', 'Ada')).exitCode, 0)
  t.is((await moderator('rm', 'Ada')).exitCode, 2)
})
