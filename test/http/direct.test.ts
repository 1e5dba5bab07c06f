import test from 'ava'
import { Hono } from 'hono'
import { isDirect } from '../../src/http/index.ts'

async function asked(headers: Record<string, string>): Promise<boolean> {
  const app = new Hono().get('/', c => c.json(isDirect(c.req)))
  return (await (await app.request('/', { headers })).json()) === true
}

test('by a name of this machine, with a port or not, somebody asks for themselves', async t => {
  for (const host of [
    'localhost',
    'LOCALHOST:8481',
    'box.localhost',
    '127.0.0.1:80',
    '127.1.2.3',
    '[::1]:8481',
  ])
    t.true(await asked({ host }), host)
})

test('another name, and whatever a proxy says of itself, is of somebody who may be anywhere', async t => {
  for (const host of ['zoo.example', 'localhost.zoo.example', '127.0.0.1.zoo.example', '192.0.2.1', ''])
    t.false(await asked({ host }), host)
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'cf-connecting-ip'])
    t.false(await asked({ host: 'localhost', [name]: '127.0.0.1' }), name)
})
