import { isAbsolute, join } from 'node:path'
import test from 'ava'
import { findHome } from '../../src/core/home.ts'

test('a root holds all of the home', t => {
  const root = join('/', 'somewhere')
  t.deepEqual(findHome(root), {
    config: join(root, 'config'),
    data: join(root, 'data'),
    state: join(root, 'state'),
  })
})

test('without a root the folders are absolute and three different ones', t => {
  const folders = Object.values(findHome())
  t.true(folders.every(folder => isAbsolute(folder) && folder.includes('p2pshare')))
  t.is(new Set(folders).size, 3)
})
