import { createHash, randomInt } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import { createTorrent } from '../../src/index.ts'
import { type BoxChild, boxConfigPath, spawnBox } from '../kit/box-child.ts'
import { startCli } from '../kit/cli-child.ts'
import { writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const hangUp = (box: BoxChild) => process.kill(box.pid, 'SIGHUP')
const logOf = (home: string) => readFile(join(home, 'state', 'box.log'), 'utf8')

async function writeConfig(home: string, toml: string): Promise<void> {
  await mkdir(join(home, 'config'), { recursive: true })
  await writeFile(boxConfigPath(home), toml)
}

const statusOf = async ({ url }: BoxChild) => (await (await fetch(`${url}/api/v1/status`)).json()) as Status
interface Status {
  readonly uploadLimit: number | null
  readonly isSlow: boolean
  readonly port: number
  readonly notices: readonly { about: string; message: string; transfers: number }[]
}

test.serial(
  'SIGHUP has the box read its settings anew: right ones hold, wrong ones change nothing',
  async t => {
    const home = await temporaryFolder(t, 'home')
    const box = await spawnBox(t, { home })
    hangUp(box)
    t.is((await box.event('notice')).message, 'The settings are as they were')
    await writeConfig(home, '[limits]\nupload = "1K"\n[server]\nhosts = ["zoo"]\n')
    hangUp(box)
    await waitUntil('the limit holds', async () => (await statusOf(box)).uploadLimit === 1_024)
    t.deepEqual(
      (await statusOf(box)).notices.map(({ about }) => about),
      ['restart'],
    )
    await writeConfig(home, '[limits]\nupload = "much"\n')
    hangUp(box)
    const { message } = await box.event('problem')
    t.regex(String(message), /box\.toml:2: limits\.upload: "much"/)
    const { uploadLimit, notices } = await statusOf(box)
    t.is(uploadLimit, 1_024)
    t.is(notices[0]?.about, 'settings')
  },
)

test.serial('a settings file that is saved holds without a signal', async t => {
  const home = await temporaryFolder(t, 'home')
  const box = await spawnBox(t, { home })
  await writeConfig(home, '[slow]\nhours = ["daily 00:00-24:00"]\nupload = "2K"\n')
  await waitUntil('slow hours hold', async () => (await statusOf(box)).isSlow)
  t.is((await statusOf(box)).uploadLimit, 2_048)
})

test.serial(
  'programs of hooks are run as something is added and done, without a shell and without secrets',
  async t => {
    const home = await temporaryFolder(t, 'home')
    const told = await temporaryFolder(t, 'told')
    const script = join(told, 'hook.mjs')
    await writeFile(
      script,
      `import { writeFileSync } from 'node:fs'
const path = ${JSON.stringify(told)} + '/' + process.env.P2PSHARE_EVENT + '.json'
writeFileSync(path + '.part', JSON.stringify({ env: process.env, args: process.argv.slice(2) }))
import('node:fs').then(({ renameSync }) => renameSync(path + '.part', path))
`,
    )
    const program = JSON.stringify([process.execPath, script, '$HOME; ls *'])
    await writeConfig(
      home,
      `[folders]\ndownloads = ${JSON.stringify(join(told, 'downloads'))}\n[hooks]\nadded = ${program}\ndone = ${program}\n`,
    )
    const name = '$(touch pwned) `id` ; 日本.avi'
    const seeding = await startSwarm(t)
    const clip = join(await temporaryFolder(t), name)
    await writeSampleFile(clip, 300_000)
    const seed = await seeding.seed([clip])
    const box = await spawnBox(t, { home })
    const { id } = await box.client.add({ id: seed.magnetLink, peers: [addressOf(seeding)], labels: ['zoo'] })
    const read = async (event: string) => JSON.parse(await readFile(join(told, `${event}.json`), 'utf8'))
    await waitUntil('the hook of added has run', () => read('added').catch(() => false))
    const { env, args } = await waitUntil('the hook of done has run', () => read('done').catch(() => false))
    t.deepEqual(args, ['$HOME; ls *'])
    t.is(env.P2PSHARE_NAME, name)
    t.is(env.TR_TORRENT_NAME, name)
    t.is(env.P2PSHARE_ID, String(id))
    t.is(env.P2PSHARE_INFO_HASH, seed.infoHash)
    t.is(env.P2PSHARE_SIZE, '300000')
    t.is(env.P2PSHARE_LABELS, 'zoo')
    t.is(env.P2PSHARE_HOME, home)
    t.is(env.TR_TORRENT_DIR, join(told, 'downloads'))
    t.deepEqual(await readFile(env.P2PSHARE_PATH), await readFile(clip))
    const token = (await readFile(join(home, 'api-token'), 'utf8')).trim()
    t.false(JSON.stringify(env).includes(token))
    t.is(env.P2PSHARE_NO_DHT, undefined)
    await waitUntil('the log tells of it', async () => /Hook of done.*ended with 0/.test(await logOf(home)))
  },
)

test.serial('the second box on a home says so and ends with 5; the first goes on', async t => {
  const home = await temporaryFolder(t, 'home')
  const box = await spawnBox(t, { home })
  const second = startCli(t, ['box', 'start', '--listen', '127.0.0.1:0'], { home, engine: 'native' })
  t.is(await second.exited, 5)
  t.is((await second.event('error')).code, 'ERR_HOME_LOCKED')
  t.deepEqual(await box.client.transfers(), [])
})

test.serial('the token is for its owner alone, and neither in the process list nor in the log', async t => {
  const home = await temporaryFolder(t, 'home')
  const box = await spawnBox(t, { home })
  const path = join(home, 'api-token')
  const token = (await readFile(path, 'utf8')).trim()
  t.is((await stat(path)).mode & 0o777, 0o600)
  if (process.platform === 'linux') {
    for (const name of ['cmdline', 'environ'])
      t.false((await readFile(`/proc/${box.pid}/${name}`, 'utf8')).includes(token), name)
  }
  await box.stop()
  t.false((await logOf(home)).includes(token))
  for (const name of await readdir(home, { recursive: true })) {
    const found = await stat(join(home, name))
    if (!found.isFile() || !(await readFile(join(home, name))).includes(token)) continue
    t.is(found.mode & 0o077, 0, name)
  }
})

test.serial('whatever the umask, other users get nothing of a home, and cannot write in it', async t => {
  const home = join(await temporaryFolder(t), 'home')
  const wrapper = ['/bin/sh', '-c', 'umask 000; exec "$@"', 'sh']
  const box = await spawnBox(t, { home, wrapper })
  await box.client.add({ id: `magnet:?xt=urn:btih:${'0'.repeat(39)}1` })
  await box.stop()
  t.is((await stat(home)).mode & 0o022, 0)
  const open: string[] = []
  for (const name of await readdir(home))
    if (((await stat(join(home, name))).mode & 0o077) !== 0) open.push(name)
  t.deepEqual(open, [])
})

test.serial('what others could use of a home of before is closed to them, and told of', async t => {
  const home = await temporaryFolder(t, 'home')
  await mkdir(join(home, 'data'))
  const token = 'abcdefghijklmnopqrstuvwxyz'
  await writeFile(join(home, 'api-token'), `${token}\n`)
  await chmod(home, 0o777)
  await chmod(join(home, 'data'), 0o755)
  await chmod(join(home, 'api-token'), 0o644)
  const box = await spawnBox(t, { home })
  const told = await waitUntil('it is told of', () => {
    const notices = box.events().filter(({ event }) => event === 'notice')
    return notices.length > 1 && notices.map(({ message }) => message)
  })
  t.is(told[0], `Others could write in ${home}, and no longer can`)
  t.regex(String(told[1]), /Others could read the token in .*api-token, and no longer can/)
  t.false(JSON.stringify(told).includes(token))
  const mode = async (name: string) => (await stat(join(home, name))).mode & 0o777
  t.deepEqual([await mode(''), await mode('data'), await mode('api-token')], [0o755, 0o700, 0o600])
})

test.serial(
  'the box stops within five seconds while it fetches and seeds, and says how it was stopped',
  async t => {
    const home = await temporaryFolder(t, 'home')
    await writeConfig(home, `[folders]\ndownloads = ${JSON.stringify(await temporaryFolder(t))}\n`)
    const seeding = await startSwarm(t, { uploadBytesPerSecond: 100_000 })
    const clip = join(await temporaryFolder(t), 'zoo.avi')
    await writeSampleFile(clip, 3_000_000)
    const box = await spawnBox(t, { home })
    await box.client.add({ id: (await seeding.seed([clip])).magnetLink, peers: [addressOf(seeding)] })
    await box.client.add({ id: `magnet:?xt=urn:btih:${'0'.repeat(39)}1` })
    await waitUntil('something is here', async () =>
      (await box.client.transfers()).some(({ haveBytes }) => haveBytes > 0),
    )
    const startMs = performance.now()
    process.kill(box.pid, 'SIGTERM')
    t.is(await box.exited, 130)
    t.true(performance.now() - startMs < 5_000)
    t.regex(await logOf(home), /Stopped\n$/)
  },
)

test.serial('/healthz says what is wrong with it, and goes well again', async t => {
  const home = await temporaryFolder(t, 'home')
  const box = await spawnBox(t, { home })
  const health = async () => {
    const answer = await fetch(`${box.url}/healthz`)
    return { code: answer.status, ...((await answer.json()) as { status: string; state: boolean }) }
  }
  t.deepEqual(await health(), { code: 200, status: 'ok', database: true, swarm: true, state: true } as never)
  await rm(join(home, 'state'), { recursive: true })
  const unwell = await waitUntil('the loss is told', async () => {
    const found = await health()
    return found.code === 503 && found
  })
  t.deepEqual(unwell, { code: 503, status: 'failing', database: true, swarm: true, state: false } as never)
  await mkdir(join(home, 'state'))
  await waitUntil('it is well again', async () => (await health()).code === 200)
})

test.serial('/metrics are in the form of Prometheus, and history answers for each span', async t => {
  const box = await spawnBox(t, { home: await temporaryFolder(t, 'home') })
  await box.client.add({ id: `magnet:?xt=urn:btih:${'0'.repeat(39)}1`, isPaused: true })
  const metrics = await (await fetch(`${box.url}/metrics`)).text()
  t.regex(metrics, /^p2pshare_box_transfers\{state="paused"\} 1$/m)
  t.regex(metrics, /^# TYPE p2pshare_box_bytes_total counter$/m)
  for (const line of metrics.split('\n').filter(Boolean))
    t.regex(line, /^(?:# |[a-z_0-9]+(?:\{[^}]*\})? \S+$)/)
  for (const span of ['hour', 'day', 'month']) {
    const answer = await (await fetch(`${box.url}/api/v1/history?span=${span}`)).json()
    t.is((answer as { span: string }).span, span)
  }
  t.is((await fetch(`${box.url}/api/v1/history?span=year`)).status, 400)
})

test.serial(
  'kill -9 at twenty moments while transfers are added and paused loses nothing, and no file is harmed',
  async t => {
    t.timeout(300_000)
    const home = await temporaryFolder(t, 'home')
    const downloads = await temporaryFolder(t)
    await writeConfig(home, `[folders]\ndownloads = ${JSON.stringify(downloads)}\n[queue]\ndownloads = 0\n`)
    const clip = join(await temporaryFolder(t), 'zoo.avi')
    await writeSampleFile(clip, 4_000_000)
    // Slow enough to be under way all the while.
    const seeding = await startSwarm(t, { uploadBytesPerSecond: 500_000 })
    const seed = await seeding.seed([clip])
    const added = new Set<string>()
    const paused = new Map<string, boolean>()
    let number = 0
    for (let round = 0; round < 20; round++) {
      const box = await spawnBox(t, { home })
      await waitUntil('all are taken up', async () => (await box.client.transfers()).length >= added.size)
      const views = await box.client.transfers()
      for (const hash of added)
        t.true(
          views.some(({ infoHash }) => infoHash === hash),
          `${hash} is lost in round ${round}`,
        )
      const working = work(box).catch(() => {})
      await delay(randomInt(400))
      process.kill(box.pid, 'SIGKILL')
      await box.exited
      await working
      const database = new DatabaseSync(join(home, 'data', 'box.db'), { readOnly: true })
      t.is(database.prepare('pragma integrity_check').get()?.integrity_check, 'ok')
      database.close()
    }
    seeding.setLimits({})
    const box = await spawnBox(t, { home })
    await box.client.add({ id: seed.magnetLink })
    seed.addPeer(`127.0.0.1:${(await statusOf(box)).port}`)
    await waitUntil(
      'the clip is here',
      async () => (await box.client.transfer(seed.infoHash)).state === 'seeding',
      {
        timeoutMs: 60_000,
      },
    )
    t.is(sha256(await readFile(join(downloads, 'zoo.avi'))), sha256(await readFile(clip)))
    for (const [hash, isPaused] of paused)
      t.is((await box.client.transfer(hash)).state === 'paused', isPaused, `${hash} is not as it was left`)

    /** What was answered is kept; what was under way may be either. */
    async function work(box: BoxChild): Promise<void> {
      const { client } = box
      await client.add({ id: seed.magnetLink })
      seed.addPeer(`127.0.0.1:${(await statusOf(box)).port}`)
      for (;;) {
        const { bytes } = await createTorrent({
          content: Buffer.from(String(number)),
          name: `file ${number++}`,
        })
        const { infoHash } = await client.add({ torrent: bytes, isPaused: true })
        added.add(infoHash)
        paused.set(infoHash, true)
        for (const change of ['resume', 'pause', 'resume'] as const) {
          paused.delete(infoHash)
          await client[change](infoHash)
          paused.set(infoHash, change === 'pause')
        }
      }
    }
  },
)

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
