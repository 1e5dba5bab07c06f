import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { runCommand, startCommand } from '../../kit/command.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

async function logged(t: ExecutionContext, ...messages: string[]) {
  const home = await temporaryFolder(t, 'home')
  const path = join(home, 'state', 'box.log')
  const line = (message: string) => `2026-11-30T02:00:00.000Z ${message}\n`
  await mkdir(join(home, 'state'))
  await writeFile(path, messages.map(line).join(''))
  return { variables: { P2PSHARE_HOME: home }, write: (message: string) => appendFile(path, line(message)) }
}

test('the last lines are printed, whether a box runs or not', async t => {
  const { variables } = await logged(t, 'one', 'two', 'three')
  t.is(
    (await runCommand(t, ['box', 'logs', '-n', '2'], { variables })).stdout,
    '2026-11-30T02:00:00.000Z two\n2026-11-30T02:00:00.000Z three\n',
  )
  const { events } = await runCommand(t, ['box', 'logs', '--json', '--lines', '1'], { variables })
  t.deepEqual(events(), [{ event: 'log', at: '2026-11-30T02:00:00.000Z', message: 'three' }])
})

test('--follow goes on with what is written until it is interrupted', async t => {
  const { variables, write } = await logged(t, 'one')
  const command = await startCommand(t, ['box', 'logs', '-f', '-n', '0'], { variables })
  const prints = (message: string) =>
    waitUntil(`${message} is printed`, async () => {
      await write(message)
      return command.stdout().includes(` ${message}\n`)
    })
  await prints('two')
  await prints('three')
  t.false(command.stdout().includes(' one\n'))
  command.interrupt()
  t.is(await command.exitCode, 130)
})

test('where there is no log nothing is printed', async t => {
  t.is((await runCommand(t, ['box', 'logs'])).stdout, '')
})
