import { homedir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { stringify } from 'smol-toml'
import { firstConfig } from '../../../src/box/config/first-config.ts'
import { readConfig, readConfigFile } from '../../../src/box/config/read-config.ts'
import { P2pShareError } from '../../../src/index.ts'

const read = (toml: string) => readConfig(toml, 'box.toml')

function problemsOf(toml: string): string[] {
  try {
    read(toml)
    return []
  } catch (error) {
    if (error instanceof P2pShareError && error.code === 'ERR_INVALID_CONFIG')
      return error.message.split('\n')
    throw error
  }
}

test('an empty file is all defaults', t => {
  const config = read('')
  t.deepEqual(config.server.listen, { host: '127.0.0.1', port: 8_481 })
  t.is(config.network.dht, true)
  t.is(config.queue.downloads, 5)
  t.is(config.limits.upload, undefined)
  t.deepEqual(config.slow.hours, [])
  t.deepEqual(config.hooks, { added: [], done: [] })
})

test('the file that is written first holds the defaults', t => {
  t.deepEqual(read(firstConfig), read(''))
})

test('every setting that the first file shows as a comment is one, and right', t => {
  const shown = firstConfig
    .split('\n')
    .map(line => line.replace(/^# (\[\[|\w+ = )/, '$1'))
    .join('\n')
    .replace('magnet:?xs=urn:btpk:…', `magnet:?xs=urn:btpk:${'0'.repeat(64)}`)
  t.deepEqual(problemsOf(shown), [])
  const config = read(shown)
  t.is(config.folders.watch.length, 1)
  t.is(config.slow.hours.length, 2)
  t.is(config.follow.catalogs.length, 1)
})

test('values are read as the command line reads them', t => {
  const config = read(`
[folders]
downloads = "~/films"
[limits]
upload = "2M"
download = 4096
[goals]
ratio = 1.5
seed_time = "2h30m"
[follow]
quota = "50G"
[slow]
hours = ["mon-fri 08:00-18:00"]
[server]
listen = "[::1]:0"
`)
  t.is(config.folders.downloads, join(homedir(), 'films'))
  t.deepEqual(config.limits, { upload: 2 * 1024 ** 2, download: 4_096 })
  t.deepEqual(config.goals, { ratio: 1.5, seed_time: 9_000_000 })
  t.is(config.follow.quota, 50 * 1024 ** 3)
  t.is(config.slow.hours[0]?.from, 480)
  t.deepEqual(config.server.listen, { host: '::1', port: 0 })
})

const wrong: readonly (readonly [toml: string, problem: RegExp])[] = [
  ['[limits]\nupload = "fast"', /^box\.toml:2: limits\.upload: "fast" is not a rate; write it as 500K/],
  ['[limits]\n\nupload = 0', /^box\.toml:3: limits\.upload: /],
  ['[limit]', /^box\.toml:1: there is no setting limit$/],
  ['[server]\nport = 1', /^box\.toml:2: there is no setting server\.port$/],
  ['[server]\nlisten = "8481"', /^box\.toml:2: server\.listen: "8481" is no address/],
  ['[server]\nlisten = "127.0.0.1:99999"', /^box\.toml:2: /],
  ['[folders]\ndownloads = "films"', /^box\.toml:2: .*no absolute path/],
  [
    '[[folders.watch]]\npath = "/a"\n[[folders.watch]]\nsettle = "1s"',
    /^box\.toml:3: folders\.watch\[2\]\.path: is missing$/,
  ],
  [
    '[[folders.watch]]\npath = "/a"\nsettle = "30d"',
    /^box\.toml:3: folders\.watch\[1\]\.settle: takes no more than 7d$/,
  ],
  [
    '[slow]\nhours = [\n  "mon 08:00-09:00",\n  "noon",\n]',
    /^box\.toml:2: slow\.hours\[2\]: "noon" is not hours/,
  ],
  [
    '[[folders.watch]]\npath = "/a"\n\nsection = "photo"',
    /^box\.toml:4: folders\.watch\[1\]\.section: takes .*"photos", .* or "other"$/,
  ],
  [
    `[[follow.catalogs]]\ncatalog = "zoo"\ntags = ${JSON.stringify(Array(51).fill('a'))}`,
    /^box\.toml:3: follow\.catalogs\[1\]\.tags: takes at most 50 entries$/,
  ],
  ['[follow]\nmax_transfers = -1', /^box\.toml:2: follow\.max_transfers: takes at least 0$/],
  ['[goals]\nratio = -1', /^box\.toml:2: goals\.ratio: /],
  ['[network]\ndht = "yes"', /^box\.toml:2: network\.dht: takes true or false$/],
  [
    '[network]\nencryption = "always"',
    /^box\.toml:2: network\.encryption: takes "prefer", "require" or "off"$/,
  ],
  ['[hooks]\ndone = "/bin/true"', /^box\.toml:2: hooks\.done: takes a list in square brackets$/],
  [
    '[follow]\n[[follow.feeds]]\nurl = "file:///etc/passwd"',
    /^box\.toml:3: follow\.feeds\[1\]\.url: takes an address that begins with http/,
  ],
  ['[queue]\ndownloads = 1.5', /^box\.toml:2: queue\.downloads: takes a whole number$/],
  ['[network]\nport = 70000', /^box\.toml:2: network\.port: takes at most 65535$/],
  ['[server]\npublic_url = 3', /^box\.toml:2: server\.public_url: takes an address that begins with http/],
  ['[follow]\nquota = true', /^box\.toml:2: follow\.quota: takes a number, or text in quotes$/],
  ['limits = 3', /^box\.toml:1: limits: takes a table of settings$/],
  ['[queue]\ndownloads = ', /^box\.toml:2: /],
  ['a = 1\na = 2', /^box\.toml:2: /],
  ['[queue', /^box\.toml:1: /],
]

for (const [toml, problem] of wrong)
  test(`told of with its line: ${JSON.stringify(toml)}`, t => {
    const problems = problemsOf(toml)
    t.regex(problems[0] ?? '', problem)
    t.is(problems.length, 1)
  })

test('everything that is wrong is told of at once, in the order of the file', t => {
  const lines = problemsOf('[slow]\nhours = ["x"]\n[limits]\nupload = "x"\nup = 1\n').map(
    line => line.split(': ')[0],
  )
  t.deepEqual(lines, ['box.toml:2', 'box.toml:4', 'box.toml:5'])
})

test('a licence that no catalog knows is told of with its line, and so is each other one', async t => {
  const watch = (license: string) => `[[folders.watch]]\npath = "/a"\nlicense = ${JSON.stringify(license)}\n`
  const toml = ['cc by 4.0', 'mine', '', 'all rights reserved', 'CC-BY-5.9'].map(watch).join('')
  await t.throwsAsync(readConfigFile(toml, 'box.toml'), {
    code: 'ERR_INVALID_CONFIG',
    message:
      /^box\.toml:6: folders\.watch\[2\]\.license: "mine" is no licence .*\nbox\.toml:15: .*"CC-BY-5\.9"/,
  })
  const right = watch('cc by 4.0') + watch('all rights reserved')
  t.is((await readConfigFile(right, 'box.toml')).folders.watch.length, 2)
})

test('every value of text is read or refused with its line, whatever it says', t => {
  const words = fc.constantFrom(
    ...'0123456789.-+eE:,/~ '.split(''),
    'mon',
    'daily',
    'K',
    'GB',
    'd',
    'ms',
    '[::1]',
    '\0',
  )
  const value = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 8 }).map(parts => parts.join('')),
  )
  const bounded = (number: number | undefined) =>
    number === undefined || (number >= 0 && Number.isFinite(number))
  fc.assert(
    fc.property(value, value => {
      const settings = {
        limits: { upload: value },
        slow: { hours: [value] },
        server: { listen: value },
        goals: { ratio: value, seed_time: value },
        follow: { quota: value, every: value },
      }
      for (const [table, of] of Object.entries(settings))
        for (const [key, one] of Object.entries(of)) {
          const toml = stringify({ [table]: { [key]: one } })
          const problems = problemsOf(toml)
          if (problems.some(problem => !problem.startsWith(`box.toml:2: ${table}.${key}`))) return false
          if (problems.length > 0) continue
          const { limits, goals, follow, slow, server } = read(toml)
          const { ratio, seed_time: seedTime } = goals
          if (![limits.upload, ratio, seedTime, follow.quota, follow.every].every(bounded)) return false
          if (slow.hours.some(({ from, to }) => from === to || from < 0 || to > 1_440)) return false
          if (server.listen.port > 65_535) return false
        }
      return true
    }),
  )
  t.pass()
})

test('whatever is written, it is settings or a list of lines that are wrong', t => {
  const key = fc.constantFrom(
    'folders',
    'server',
    'limits',
    'slow',
    'hooks',
    'listen',
    'watch',
    'hours',
    'upload',
    '__proto__',
  )
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constant(new Date(0)),
  )
  const tree = fc.letrec(tie => ({
    value: fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 3 })),
  })).value
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 5 }), settings => {
      const toml = stringify(settings)
      const last = toml.split('\n').length
      return problemsOf(toml).every(line => {
        const number = Number(/^box\.toml:(\d+): /.exec(line)?.[1])
        return number >= 1 && number <= last
      })
    }),
  )
  fc.assert(
    fc.property(fc.string(), toml =>
      problemsOf(toml).every(line => line.startsWith('box.toml:') || line !== ''),
    ),
  )
  t.pass()
})
