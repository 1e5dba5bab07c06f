import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test from 'ava'
import {
  exposedIdentity,
  findHome,
  generateIdentity,
  identityPath,
  loadIdentity,
  saveIdentity,
} from '../../../src/core/index.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('an identity is made on first use, and is the same ever after', async t => {
  const home = findHome(await temporaryFolder(t))
  const first = await loadIdentity(home)
  t.regex(first.publicKey, /^[0-9a-f]{64}$/)
  t.is((await loadIdentity(home)).publicKey, first.publicKey)
})

test('nobody else may read it', async t => {
  const home = findHome(await temporaryFolder(t))
  await loadIdentity(home)
  t.is((await stat(identityPath(home))).mode & 0o777, 0o600)
  t.is(await exposedIdentity(home), undefined)
  await chmod(identityPath(home), 0o640)
  t.is(await exposedIdentity(home), identityPath(home))
})

test('all that make it at once get the same one, and leave nothing else behind', async t => {
  const home = findHome(await temporaryFolder(t))
  const identities = await Promise.all(Array.from({ length: 12 }, () => loadIdentity(home)))
  t.is(new Set(identities.map(({ publicKey }) => publicKey)).size, 1)
  t.deepEqual(await readdir(home.data), ['identity.json'])
})

const damages: Record<string, (text: string) => string> = {
  'cut short': text => text.slice(0, 100),
  empty: () => '',
  'of another key': text => text.replace(/"publicKey": "./, '"publicKey": "g'),
  'too large': text => text + ' '.repeat(5_000),
}

for (const [what, damage] of Object.entries(damages))
  test(`a file that is ${what} is refused and never written over`, async t => {
    const home = findHome(await temporaryFolder(t))
    await loadIdentity(home)
    const path = identityPath(home)
    const text = damage(await readFile(path, 'utf8'))
    await writeFile(path, text)
    const { message } = (await t.throwsAsync(loadIdentity(home), { code: 'ERR_INVALID_IDENTITY' }))!
    t.true(message.includes(path))
    t.is(await readFile(path, 'utf8'), text)
  })

test('the error of a damaged file does not quote it', async t => {
  const home = findHome(await temporaryFolder(t))
  await mkdir(home.data, { recursive: true })
  await writeFile(identityPath(home), '{"seed": c0ffee}')
  const error = (await t.throwsAsync(loadIdentity(home)))!
  t.false(error.message.includes('c0ffee'))
  t.is(error.cause, undefined)
})

test('another identity is set aside only where that is asked for', async t => {
  const home = findHome(await temporaryFolder(t))
  const first = await loadIdentity(home)
  const second = generateIdentity()
  await t.throwsAsync(saveIdentity(home, second), { code: 'ERR_TARGET_EXISTS' })
  t.is((await loadIdentity(home)).publicKey, first.publicKey)

  const aside = await saveIdentity(home, second, { replace: true })
  t.is((await loadIdentity(home)).publicKey, second.publicKey)
  t.is(dirname(aside!), home.data)
  t.is(JSON.parse(await readFile(aside!, 'utf8')).publicKey, first.publicKey)
  t.is((await stat(aside!)).mode & 0o777, 0o600)
  t.is(await saveIdentity(home, second), undefined)
})

test('identities that take turns are all kept', async t => {
  const home = findHome(await temporaryFolder(t))
  const [one, two] = [generateIdentity(), generateIdentity()]
  await saveIdentity(home, one)
  for (const identity of [two, one, two]) await saveIdentity(home, identity, { replace: true })
  t.is((await loadIdentity(home)).publicKey, two.publicKey)
  const names = await readdir(home.data)
  t.true(names.includes(`identity-${one.publicKey.slice(0, 16)}.json`))
  t.true(names.includes(`identity-${two.publicKey.slice(0, 16)}.json`))
})

test('an identity that cannot be written says where', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'data'), 'a file where a folder should be')
  const error = (await t.throwsAsync(loadIdentity(findHome(folder))))!
  t.true(error.message.includes(folder))
})
