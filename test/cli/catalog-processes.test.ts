import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { type Child, startChild } from '../kit/child.ts'
import { quietVariables } from '../kit/command.ts'
import { startDhtNode } from '../kit/dht-node.ts'
import { sameContent, writeSampleFile } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const launcher = fileURLToPath(new URL('../../bin/p2pshare.js', import.meta.url))

type Event = { event: string } & Record<string, string>

/** Somebody with a home of their own, who runs the real command in processes of their own. */
async function settle(t: ExecutionContext, node: string) {
  const cwd = await temporaryFolder(t, 'person')
  const variables = { ...quietVariables, P2PSHARE_HOME: join(cwd, 'home'), P2PSHARE_DHT_BOOTSTRAP: node }
  const env: NodeJS.ProcessEnv = { ...process.env, ...variables, P2PSHARE_NO_DHT: '0' }
  const start = (...args: string[]): Child =>
    startChild(t, process.execPath, [launcher, ...args, '--json'], { cwd, env })
  /** Runs a command to its end, and answers what it printed. */
  const run = async (...args: string[]): Promise<Event[]> => {
    const child = start(...args)
    const events: Event[] = []
    for await (const event of linesOf(child)) events.push(event)
    t.is(await child.exited, 0, child.output())
    return events
  }
  return { cwd, start, run }
}

async function* linesOf(child: Child): AsyncGenerator<Event> {
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Event
}

async function first(child: Child, name: string): Promise<Event> {
  for await (const event of linesOf(child)) if (event.event === name) return event
  throw new Error(`It ended without ${name}: ${child.output()}`)
}

test('a clip and its catalog survive the kill of their publisher, among processes that share nothing', async t => {
  const { address } = await startDhtNode(t)
  const [maker, friend, late] = await Promise.all([1, 2, 3].map(() => settle(t, address)))
  await writeSampleFile(join(maker!.cwd, 'zoo.avi'), 300_000)
  const words = ['--title', 'A day at the zoo', '--tags', 'lions', '--license', 'CC0-1.0']
  const publishing = maker!.start('publish', 'zoo.avi', ...words)
  const { link, id } = await first(publishing, 'published')

  const watching = friend!.start('catalog', 'add', link!, '--watch')
  await first(watching, 'synced')
  const getting = friend!.start('get', id!)
  await first(getting, 'done')
  process.kill(publishing.pid, 'SIGKILL')
  await publishing.exited

  await late!.run('catalog', 'add', link!)
  const [found] = await late!.run('search', 'lions')
  t.like(found, { event: 'listing', id, title: 'A day at the zoo' })
  await late!.run('get', found!.id!, '--no-seed', '--timeout', '60s')
  await sameContent(t, join(late!.cwd, 'zoo.avi'), join(maker!.cwd, 'zoo.avi'))
})
