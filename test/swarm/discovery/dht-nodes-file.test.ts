import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import {
  decodeNodes,
  encodeNodes,
  readNodesFile,
  writeNodesFile,
} from '../../../src/swarm/discovery/dht-nodes-file.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const node = (port: number) => ({ id: randomBytes(20), host: '192.0.2.1', port })

test('What is written is read again, 64 nodes at most', async t => {
  const path = join(await temporaryFolder(t), 'state', 'dht-nodes')
  const known = { id: randomBytes(20), nodes: Array.from({ length: 100 }, (_, index) => node(index + 1)) }
  await writeNodesFile(path, known)
  t.deepEqual(await readNodesFile(path), { ...known, nodes: known.nodes.slice(0, 64) })
})

test('A node that has no port is left out', t => {
  const good = node(1)
  const known = { id: randomBytes(20), nodes: [node(0), good] }
  t.deepEqual(decodeNodes(encodeNodes(known))?.nodes, [good])
})

test('A file that is missing, too long or damaged is as none', async t => {
  const path = join(await temporaryFolder(t), 'dht-nodes')
  t.is(await readNodesFile(path), undefined)
  const good = encodeNodes({ id: randomBytes(20), nodes: [node(1)] })
  for (const content of [
    '',
    'rubbish',
    'de',
    good.subarray(1),
    good.subarray(0, -1),
    Buffer.alloc(10_000, 'd'),
  ]) {
    await writeFile(path, content)
    t.is(await readNodesFile(path), undefined)
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 30 }), (bytes, id) => {
      decodeNodes(bytes)
      const nodes = decodeNodes(Buffer.concat([Buffer.from(`d2:id${id.length}:`), id, bytes]))?.nodes ?? []
      t.true(nodes.length <= 64)
    }),
  )
})
