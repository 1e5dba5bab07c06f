import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { exportIdentity, generateIdentity, importIdentity } from '../../../src/core/index.ts'
import { requireProgram } from '../../kit/external.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const identity = generateIdentity()
const exported = exportIdentity(identity, 'correct horse')

test('what is exported comes back with the passphrase, and tells nothing without it', async t => {
  const text = await exported
  t.regex(text, /^-----BEGIN AGE ENCRYPTED FILE-----\n/)
  t.false(text.includes(identity.publicKey))
  t.is((await importIdentity(text, 'correct horse')).publicKey, identity.publicKey)
  t.is((await importIdentity(`\n${text}\n\n`, 'correct horse')).publicKey, identity.publicKey)
})

test('another passphrase opens nothing', async t => {
  await t.throwsAsync(importIdentity(await exported, 'wrong horse'), { code: 'ERR_INVALID_IDENTITY' })
})

test('what is damaged, cut short or something else is refused', async t => {
  const text = await exported
  const at = text.indexOf('\n', 400)
  const damaged = `${text.slice(0, at - 3)}${text[at - 3] === 'A' ? 'B' : 'A'}${text.slice(at - 2)}`
  for (const wrong of [damaged, text.slice(0, 300), 'my diary', '', text + 'A'.repeat(70_000)])
    await t.throwsAsync(importIdentity(wrong, 'correct horse'), { code: 'ERR_INVALID_IDENTITY' })
})

test('an empty passphrase protects nothing and is refused', async t => {
  await t.throwsAsync(exportIdentity(identity, ''), { code: 'ERR_INVALID_ARGUMENT' })
})

test('the age program opens what is exported', async t => {
  if (!requireProgram(t, 'age') || !requireProgram(t, 'script')) return
  const path = join(await temporaryFolder(t), 'identity.age')
  await writeFile(path, await exported)
  // age asks on a terminal, and takes nothing else.
  const ask = `echo "correct horse" | script -qec "age -d -o '${path}.json' '${path}'" /dev/null`
  await promisify(execFile)('sh', ['-c', ask])
  const { stdout } = await promisify(execFile)('cat', [`${path}.json`])
  t.is(JSON.parse(stdout).publicKey, identity.publicKey)
})
