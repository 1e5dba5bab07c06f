import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'

// Nothing here builds the image: it needs Docker and a registry.
const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (name: string) => readFileSync(`${root}examples/box/${name}`, 'utf8')

/** The instructions of a Dockerfile, each on one line. */
const instructions = read('Dockerfile')
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean)
const last = (word: string) => instructions.findLast(line => line.startsWith(`${word} `)) ?? ''

test('every line of the Dockerfile is an instruction', t => {
  for (const line of instructions)
    t.regex(line, /^(FROM|WORKDIR|COPY|RUN|USER|ENV|VOLUME|EXPOSE|HEALTHCHECK|CMD) \S/)
})

test('what the Dockerfile copies from the sources is there, and not kept from it', t => {
  const passed = read('Dockerfile.dockerignore').split('\n')
  for (const line of instructions.filter(line => line.startsWith('COPY ') && !line.includes('--from=')))
    for (const source of line.split(' ').slice(1, -1)) {
      t.true(existsSync(`${root}${source}`), source)
      t.true(passed.includes(`!${source}`), source)
    }
})

test('the container runs as somebody else than root, and only the command that there is', t => {
  t.is(last('USER'), 'USER node')
  t.deepEqual(JSON.parse(last('CMD').slice(4)), ['p2pshare', 'box', 'start'])
  t.true(existsSync(`${root}bin/p2pshare.js`))
})

test('the health check asks /healthz, at the port that the box listens at', t => {
  const [, command = ''] = last('HEALTHCHECK').split(' CMD ')
  const [program, , script] = JSON.parse(command)
  t.is(program, 'node')
  t.regex(script, /'http:\/\/127\.0\.0\.1:8481\/healthz'/)
  t.notThrows(() => new Function(script))
  t.regex(last('ENV'), /P2PSHARE_LISTEN=0\.0\.0\.0:8481/)
})

test('the variables of the examples are options of the command', t => {
  const options = readFileSync(`${root}docs/options.md`, 'utf8')
  const named = [...`${read('Dockerfile')}${read('compose.yaml')}`.matchAll(/P2PSHARE_\w+/g)].map(
    ([name]) => name,
  )
  t.true(named.length > 3)
  for (const name of named) t.true(options.includes(`\`${name}\``), name)
})

test('the compose file builds this Dockerfile and mounts what it declares', t => {
  const compose = read('compose.yaml')
  t.notRegex(compose, /\t/)
  for (const line of compose.split('\n').filter(line => line.trim() !== ''))
    t.regex(line, /^(?:#|(?: {2})*(?:- \S|#|[\w.-]+:(?: \S|$)))/, line)
  t.regex(compose, /dockerfile: examples\/box\/Dockerfile\n/)
  for (const volume of JSON.parse(last('VOLUME').slice(7)) as string[])
    t.regex(compose, new RegExp(`- \\./\\w+:${volume}\n`))
})
