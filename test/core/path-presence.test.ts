import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { isThere, tellsAbsence } from '../../src/core/index.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

test('what is gone, and what is below a file, is not there, and the error says so', async t => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'zoo.avi')
  await writeFile(file, '')
  t.true(await isThere(folder))
  t.true(await isThere(file))
  for (const path of [join(folder, 'gone'), join(file, 'below')]) {
    t.false(await isThere(path))
    t.true(tellsAbsence(await t.throwsAsync(stat(path))))
  }
  t.false(tellsAbsence(Object.assign(new Error('no'), { code: 'EACCES' })))
})
