import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { Playback } from '../../../src/swarm/index.ts'
import { openView, startBrowser } from '../../kit/browser.ts'
import { findProgram, requireProgram } from '../../kit/external.ts'
import { addressOf, startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const run = promisify(execFile)

/** A minute of noise, whose index stands at its end as in most clips. */
async function makeClip(path: string): Promise<void> {
  const video = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=60', '-vf', 'noise=alls=40:allf=t']
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-b:v',
    '1500k',
    '-g',
    '25',
  ]
  await run(findProgram('ffmpeg')!, ['-nostdin', '-v', 'error', ...video, ...coding, path])
}

test('a browser plays a clip from its middle before the rest of it is here', async t => {
  if (!requireProgram(t, 'chromium') || !requireProgram(t, 'ffmpeg')) return
  const path = join(await temporaryFolder(t), 'zoo.mp4')
  await makeClip(path)
  const { size } = await stat(path)
  // A browser takes long to start where much else runs: nothing is fetched before it is there.
  const { page, complaints } = await openView(t, await startBrowser(t))
  const seeder = await startSwarm(t, { uploadBytesPerSecond: Math.ceil(size / 20) })
  const { magnetLink } = await seeder.seed(path, { pieceLength: 65_536 })
  const swarm = await startSwarm(t)
  const transfer = await swarm.get(magnetLink, { out: await temporaryFolder(t), peers: [addressOf(seeder)] })
  await transfer.metadata()
  const playback = await Playback.start({ transfer })
  t.teardown(() => playback.close())

  await page.goto(playback.urlOf(0))
  const played = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the page is a browser's, whose types are none of the project's
    const video = (globalThis as any).document.querySelector('video')
    const on = (name: string) => new Promise(resolve => video.addEventListener(name, resolve, { once: true }))
    if (video.readyState === 0) await on('loadedmetadata')
    video.muted = true
    video.pause()
    const seeked = on('seeked')
    video.currentTime = 40
    await seeked
    await video.play()
    while (video.currentTime < 40.5) await on('timeupdate')
    return { duration: video.duration, at: video.currentTime, width: video.videoWidth, error: video.error }
  })
  const { haveBytes } = transfer.stats()
  t.true(haveBytes < size, 'everything was here before it played')
  t.is(Math.round(played.duration), 60)
  t.true(played.at >= 40.5 && played.at < 45)
  t.is(played.width, 320)
  t.is(played.error, null)
  t.deepEqual(
    complaints.filter(text => !text.includes('ERR_ABORTED')),
    [],
  )
})
