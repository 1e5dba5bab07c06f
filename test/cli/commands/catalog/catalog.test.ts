import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Catalog } from '../../../../src/catalog/index.ts'
import { runCommand, startCommand } from '../../../kit/command.ts'
import { startDhtNode } from '../../../kit/dht-node.ts'
import { sampleDraft, sampleMagnet } from '../../../kit/sample-listing.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

/** A home with a catalog of two listings. */
async function homeWithCatalog(t: ExecutionContext, name = 'Zoo clips') {
  const home = await temporaryFolder(t, 'home')
  await using catalog = await Catalog.open({ home })
  const { link } = await catalog.create(name)
  await catalog.publish(sampleDraft({ title: 'Lions', magnet: sampleMagnet(1) }), { to: name })
  await catalog.publish(sampleDraft({ title: 'Bears', magnet: sampleMagnet(2) }), { to: name })
  return { variables: { P2PSHARE_HOME: home }, link }
}

test('create prints the link, and a second time the same one', async t => {
  const variables = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const first = await runCommand(t, ['catalog', 'create', 'Zoo clips'], { variables })
  t.regex(first.stdout, /^magnet:\?xs=urn:btpk:[0-9a-f]{64}&s=[0-9a-f]+&dn=Zoo%20clips\n$/)
  t.is((await runCommand(t, ['catalog', 'create', 'Zoo clips'], { variables })).stdout, first.stdout)
})

test('ls --json gives the link of each catalog', async t => {
  const { variables, link } = await homeWithCatalog(t)
  const { events } = await runCommand(t, ['catalog', 'ls', '--json'], { variables })
  t.is(events().length, 1)
  t.like(events()[0], { event: 'catalog', link, name: 'Zoo clips', isOwn: true, listingCount: 2, number: 1 })
  const { stdout } = await runCommand(t, ['catalog', 'ls'], { variables })
  t.regex(stdout, /^# +Name +Whose +Listings +Updated\n1 +Zoo clips +yours +2 +never/)
})

test('show tells all about a catalog and about a listing', async t => {
  const { variables, link } = await homeWithCatalog(t)
  const catalog = await runCommand(t, ['catalog', 'show', 'Zoo clips'], { variables })
  t.true(catalog.stdout.includes(link))
  const { stdout } = await runCommand(t, ['catalog', 'show', '--listing', '1'], { variables })
  t.regex(stdout, /^Title +Lions$/m)
  t.regex(stdout, /^Licence +CC-BY-4\.0$/m)
  t.true(stdout.endsWith('A morning at the zoo.\n\nThe lions were awake.\n'))
  const gone = await runCommand(t, ['catalog', 'show', 'Nowhere'], { variables })
  t.is(gone.exitCode, 3)
  t.true(gone.stderr.includes('ERR_NO_SUCH_CATALOG'))
})

test('what is exported can be imported elsewhere, under its publisher’s signature', async t => {
  const { variables } = await homeWithCatalog(t)
  const cwd = await temporaryFolder(t)
  const args = ['catalog', 'export', 'Zoo clips', '-o', 'zoo.jsonl']
  t.is((await runCommand(t, args, { cwd, variables })).exitCode, 0)
  const piped = await runCommand(t, ['catalog', 'export', '1'], { variables })
  t.is(piped.stdout, await readFile(join(cwd, 'zoo.jsonl'), 'utf8'))
  t.is(piped.stdout.trim().split('\n').length, 2)
  t.true((await runCommand(t, args, { cwd, variables })).stderr.includes('ERR_TARGET_EXISTS'))

  const there = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const stdin = `${piped.stdout}${piped.stdout.replace('Lions', 'Tigers').split('\n')[0]}\nno listing\n`
  const take = ['catalog', 'import', '-', '--json']
  const { events, exitCode } = await runCommand(t, take, { variables: there, stdin })
  t.is(exitCode, 0)
  t.deepEqual(events(), [{ event: 'imported', taken: 2, refused: 2 }])
  const search = await runCommand(t, ['search', '--json'], { variables: there })
  t.deepEqual(
    search
      .events()
      .map(({ title }) => title)
      .sort(),
    ['Bears', 'Lions'],
  )
})

test('an own catalog is forgotten only with --yes, and what is lost is said', async t => {
  const { variables } = await homeWithCatalog(t)
  const refused = await runCommand(t, ['catalog', 'rm', 'Zoo clips'], { variables })
  t.is(refused.exitCode, 2)
  t.regex(refused.stderr, /2 listings here would be lost/)
  t.is((await runCommand(t, ['catalog', 'rm', 'Zoo clips', '--yes'], { variables })).exitCode, 0)
  t.deepEqual((await runCommand(t, ['catalog', 'ls', '--json'], { variables })).events(), [])
})

test('a listing is withdrawn by its publisher, after a question on a terminal', async t => {
  const { variables } = await homeWithCatalog(t)
  const options = { variables, columns: 80 }
  const kept = await runCommand(t, ['catalog', 'withdraw', '1'], { ...options, typed: 'n\n' })
  t.is(kept.exitCode, 7)
  t.true(kept.stderr.includes('Take "Lions" back for good?'))
  const taken = await runCommand(t, ['catalog', 'withdraw', '1'], { ...options, typed: 'y\n' })
  t.is(taken.exitCode, 0)
  const { events } = await runCommand(t, ['search', '--json'], { variables })
  t.deepEqual(
    events().map(({ title }) => title),
    ['Bears'],
  )
})

test('a curator takes a listing out of a catalog', async t => {
  const { variables } = await homeWithCatalog(t)
  const { exitCode } = await runCommand(t, ['catalog', 'remove', '2'], { variables })
  t.is(exitCode, 0)
  const ls = await runCommand(t, ['catalog', 'ls', '--json'], { variables })
  t.is(ls.events()[0]?.listingCount, 1)
})

test('backup makes a copy that another home opens, and never over a file', async t => {
  const { variables } = await homeWithCatalog(t)
  const cwd = await temporaryFolder(t)
  const args = ['catalog', 'backup', 'copy.db']
  t.is((await runCommand(t, args, { cwd, variables })).stdout, `${join(cwd, 'copy.db')}\n`)
  t.true((await runCommand(t, args, { cwd, variables })).stderr.includes('ERR_TARGET_EXISTS'))
  await using copy = await Catalog.open({ database: join(cwd, 'copy.db'), home: cwd })
  t.is((await copy.search('bears')).total, 1)
})

test('a followed catalog is kept up by its followers, brings what is new, and is forgotten after a question', async t => {
  const dht = await startDhtNode(t)
  const network = { P2PSHARE_NO_DHT: '', P2PSHARE_DHT_BOOTSTRAP: dht.address }
  const here = await homeWithCatalog(t)
  const options = { variables: { ...here.variables, ...network } }
  const up = await startCommand(t, ['catalog', 'sync', '--watch'], { ...options, columns: 80 })
  await up.says(/Keeping 1 catalog up/)

  const there = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const variables = { ...there, ...network }
  const add = await startCommand(t, ['catalog', 'add', here.link, '--watch', '--json'], { variables })
  t.like(await add.event('synced'), { added: 2, isChanged: true })
  up.interrupt()
  t.is(await up.exitCode, 130)

  const third = { ...network, P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const late = await runCommand(t, ['catalog', 'add', here.link], { variables: third })
  t.is(late.exitCode, 0, late.stderr)
  t.regex(late.stdout, /^Zoo clips: 2 new, 2 listings \(/)
  const sync = await runCommand(t, ['catalog', 'sync'], { variables: third })
  t.is(sync.exitCode, 0, sync.stderr)
  t.is(sync.stdout, 'Zoo clips: nothing new, 2 listings\n')
  add.interrupt()
  t.is(await add.exitCode, 130)

  const rm = await runCommand(t, ['catalog', 'rm', '1'], { variables: there, columns: 80, typed: 'yes\n' })
  t.is(rm.exitCode, 0)
  t.true(rm.stderr.includes('Forget Zoo clips?'))
  t.deepEqual((await runCommand(t, ['search', '--json'], { variables: there })).events(), [])
})

test('a catalog that nobody has at the moment is followed all the same, and the exit code says so', async t => {
  const { link } = await homeWithCatalog(t)
  const variables = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const { exitCode, stderr } = await runCommand(t, ['catalog', 'add', link], { variables })
  t.is(exitCode, 4)
  t.regex(stderr, /It is followed, and not here yet/)
  const { events } = await runCommand(t, ['catalog', 'ls', '--json'], { variables })
  t.like(events()[0], { link, isOwn: false, listingCount: 0 })
  t.is(typeof events()[0]?.problem, 'string')
})

test('what is no catalog is refused', async t => {
  for (const source of ['magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a', 'zoo', '12ab']) {
    const { exitCode, stderr } = await runCommand(t, ['catalog', 'add', source])
    t.is(exitCode, 3)
    t.true(stderr.includes('ERR_INVALID_CATALOG'))
  }
})

test('hostile titles of a catalog reach no terminal', async t => {
  const home = await temporaryFolder(t, 'home')
  await using catalog = await Catalog.open({ home })
  await catalog.publish(
    sampleDraft({ title: 'a\u202Egpj.exe', description: 'b\u2066\nc', creator: '\u200Bd' }),
  )
  const variables = { P2PSHARE_HOME: home }
  for (const args of [['search'], ['catalog', 'show', '--listing', '1'], ['catalog', 'remove', '1']]) {
    const { stdout, stderr } = await runCommand(t, args, { variables })
    t.notRegex(stdout + stderr, /[\u202E\u2066\u200B]/)
  }
})
