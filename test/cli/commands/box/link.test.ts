import { join } from 'node:path'
import test from 'ava'
import { startBox } from '../../../kit/box.ts'
import { runCommand } from '../../../kit/command.ts'
import { writeSampleFile } from '../../../kit/sample-files.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

test('box link prints the link of what is shared from a path, or says that nothing is', async t => {
  const cwd = await temporaryFolder(t)
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(cwd)}\nsettle = 0\n`
  const { box, home } = await startBox(t, { settings })
  await writeSampleFile(join(cwd, 'zoo/a.jpg'), 50_000)
  const item = await waitUntil('the album is shared', () =>
    box.shelf.items().find(({ state }) => state === 'seeding'),
  )
  const run = (...args: string[]) =>
    runCommand(t, ['box', 'link', ...args], { cwd, variables: { P2PSHARE_HOME: home } })
  // It is told of as soon as that is written down, which is a moment after it is shared.
  const { stdout } = await waitUntil('the link is printed', async () => {
    const done = await run('zoo/a.jpg')
    return done.exitCode === 0 && done
  })
  t.is(stdout, `${item.transfer?.magnetLink}\n`)
  const json = await run('zoo', '--json')
  t.like(json.events()[0], { event: 'link', path: join(cwd, 'zoo'), name: 'zoo', infoHash: item.infoHash })
  const none = await run('elsewhere')
  t.is(none.exitCode, 3)
  t.regex(none.stderr, /Nothing is shared from .*elsewhere/)
})
