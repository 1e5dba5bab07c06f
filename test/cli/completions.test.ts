import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { runCommand } from '../kit/command.ts'
import { requireProgram } from '../kit/external.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const run = promisify(execFile)

/** What bash offers at the end of the words, asked of the real shell. */
async function completeInBash(
  t: ExecutionContext,
  words: readonly string[],
  cwd?: string,
): Promise<string[]> {
  const { stdout: script } = await runCommand(t, ['completions', 'bash'])
  const folder = await temporaryFolder(t)
  const path = join(folder, 'p2pshare.bash')
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _p2pshare; printf "%s\\n" "\${COMPREPLY[@]}"`
  await writeFile(path, `${script}\n${ask}\n`)
  const { stdout } = await run('bash', ['--norc', path, 'p2pshare', ...words], { cwd: cwd ?? folder })
  return stdout.split('\n').filter(Boolean)
}

test('bash completes the verbs', async t => {
  if (!requireProgram(t, 'bash')) return
  t.deepEqual(await completeInBash(t, ['cr']), ['create'])
  const all = await completeInBash(t, [''])
  for (const verb of ['seed', 'get', 'publish', 'search', 'catalog', 'completions'])
    t.true(all.includes(verb))
})

test('bash completes the options of the verb, and their choices', async t => {
  if (!requireProgram(t, 'bash')) return
  t.deepEqual(await completeInBash(t, ['seed', 'zoo.avi', '--seed-']), ['--seed-ratio', '--seed-time'])
  t.deepEqual(await completeInBash(t, ['get', '--overwrite', '']), ['resume', 'never'])
  t.deepEqual(await completeInBash(t, ['seed', '--format', '=', 'h']), ['hybrid'])
  t.deepEqual(await completeInBash(t, ['completions', '']), ['bash', 'zsh', 'fish'])
  t.deepEqual(await completeInBash(t, ['help', 'ver']), ['verify'])
})

test('bash completes commands in groups, and nothing that is of another command of the same name', async t => {
  if (!requireProgram(t, 'bash')) return
  t.deepEqual(await completeInBash(t, ['catalog', 'wi']), ['withdraw'])
  t.deepEqual(await completeInBash(t, ['catalog', 'identity', '']), ['export', 'import', '--help'])
  t.deepEqual(await completeInBash(t, ['catalog', 'identity', 'import', '--re']), ['--replace'])
  t.deepEqual(await completeInBash(t, ['create', '--form']), ['--format'])
  t.deepEqual(await completeInBash(t, ['catalog', 'create', 'zoo', '--form']), [])
  t.deepEqual(await completeInBash(t, ['search', '--sort', 'la']), ['largest'])
})

test('fish completes commands in groups', async t => {
  const { stdout: script } = await runCommand(t, ['completions', 'fish'])
  if (!requireProgram(t, 'fish')) return
  const path = join(await temporaryFolder(t), 'script')
  await writeFile(path, script)
  const complete = async (line: string) => {
    const { stdout } = await run('fish', ['--no-config', '-c', `source ${path}; complete -C '${line}'`])
    return stdout
      .split('\n')
      .filter(Boolean)
      .map(row => row.split('\t')[0])
  }
  t.deepEqual(await complete('p2pshare catalog wi'), ['withdraw'])
  t.deepEqual(await complete('p2pshare catalog identity '), ['export', 'import'])
  t.deepEqual(await complete('p2pshare catalog create zoo --form'), [])
  t.deepEqual(await complete('p2pshare create zoo --form'), ['--format'])
})

test('bash completes files with spaces for arguments, and only folders for --out of get', async t => {
  if (!requireProgram(t, 'bash')) return
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'day one'))
  await writeFile(join(folder, 'day one.avi'), '')
  t.deepEqual((await completeInBash(t, ['seed', 'da'], folder)).sort(), ['day one', 'day one.avi'])
  t.deepEqual(await completeInBash(t, ['get', '-o', 'da'], folder), ['day one'])
})

test('nothing of a half-typed line is run', async t => {
  if (!requireProgram(t, 'bash')) return
  const folder = await temporaryFolder(t)
  await completeInBash(t, ['seed', '$(touch ran)', '`touch ran`'], folder)
  t.deepEqual(await completeInBash(t, ['seed', 'ra'], folder), [])
})

for (const shell of ['bash', 'zsh', 'fish'])
  test(`${shell} reads its script without complaint`, async t => {
    const { stdout, exitCode } = await runCommand(t, ['completions', shell])
    t.is(exitCode, 0)
    for (const word of ['seed-ratio', 'dht-bootstrap', 'verify']) t.true(stdout.includes(word))
    if (!requireProgram(t, shell)) return
    const path = join(await temporaryFolder(t), 'script')
    await writeFile(path, stdout)
    const { stderr } = await run(shell, ['-n', path])
    t.is(stderr, '')
  })

test('an unknown shell is a usage error', async t => {
  const { exitCode, stderr } = await runCommand(t, ['completions', 'tcsh'])
  t.is(exitCode, 2)
  t.true(stderr.includes('ERR_USAGE'))
})
